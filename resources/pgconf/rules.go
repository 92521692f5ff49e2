package pgconf

// Rules reads pg_hba.conf and what it includes, in the order in which
// PostgreSQL would try them. A file that is named and missing is an error, as
// PostgreSQL then refuses them all.
func Rules(r Reader, name string) ([]Rule, error) { return rules(r, name, 0) }

// ParseRules reads a text by itself: what it includes is left out.
func ParseRules(text string) []Rule {
	var list []Rule
	for _, rec := range records(text) {
		list = append(list, parseRule("", rec))
	}
	return list
}

func rules(r Reader, name string, depth int) ([]Rule, error) {
	text, err := load(r, name, depth)
	if err != nil {
		return nil, err
	}
	var list []Rule
	for _, rec := range records(text) {
		more, err := recordRules(r, name, rec, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// recordRules are those of one record: its own, or of the files that it
// includes (version 16 and later).
func recordRules(r Reader, name string, rec record, depth int) ([]Rule, error) {
	if word := rec.word(0).text; len(rec.fields) == 2 && including(word) {
		return includedRules(r, word, beside(name, rec.word(1).text), depth)
	}
	whole := record{line: rec.line, last: rec.last}
	named := false
	for _, field := range rec.fields {
		tokens, more, err := expand(r, name, field, depth)
		if err != nil {
			return nil, err
		}
		whole.fields, named = append(whole.fields, tokens), named || more
	}
	rule := parseRule(name, whole)
	rule.plain = rule.plain && !named
	return []Rule{rule}, nil
}

func includedRules(r Reader, word, named string, depth int) ([]Rule, error) {
	files, err := resolve(r, word, named)
	if err != nil {
		return nil, err
	}
	var list []Rule
	for _, file := range files {
		more, err := rules(r, file, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// expand puts the words of a file in the place of its @name; named tells
// whether there was one.
func expand(r Reader, name string, field []token, depth int) (tokens []token, named bool, err error) {
	for _, t := range field {
		file, is := t.file()
		if !is {
			tokens = append(tokens, t)
			continue
		}
		words, err := fileTokens(r, beside(name, file), depth+1)
		if err != nil {
			return nil, true, err
		}
		tokens, named = append(tokens, words...), true
	}
	return tokens, named, nil
}

// fileTokens are all words of a file, whatever lines they stand on.
func fileTokens(r Reader, name string, depth int) ([]token, error) {
	text, err := load(r, name, depth)
	if err != nil {
		return nil, err
	}
	var tokens []token
	for _, rec := range records(text) {
		for _, field := range rec.fields {
			words, _, err := expand(r, name, field, depth)
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, words...)
		}
	}
	return tokens, nil
}
