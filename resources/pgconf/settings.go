package pgconf

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Setting is an assignment of postgresql.conf, wherever it was included from.
type Setting struct {
	File  string
	Line  int // from 1
	Name  string
	Value string // without quotes
}

// Settings reads postgresql.conf and what it includes, in the order in which
// PostgreSQL takes them: of two of one name the later one wins.
func Settings(r Reader, name string) ([]Setting, error) {
	list, err := settings(r, name, 0)
	if err != nil {
		return nil, err
	}
	data, set := Effective(list, "data_directory")
	if !set {
		return list, nil
	}
	auto, err := settings(r, path.Join(path.Clean(data.Value), "postgresql.auto.conf"), 0)
	if errors.Is(err, fs.ErrNotExist) {
		return list, nil
	}
	return append(list, auto...), err
}

// Effective is the last setting of a name.
func Effective(list []Setting, name string) (Setting, bool) {
	for _, s := range slices.Backward(list) {
		if s.Name == name {
			return s, true
		}
	}
	return Setting{}, false
}

func settings(r Reader, name string, depth int) ([]Setting, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("reading %s: files include each other more than %d deep", name, maxDepth)
	}
	text, err := r.Read(name)
	if err != nil {
		return nil, err
	}
	var list []Setting
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		key, value, ok := assignment(line)
		if !ok {
			continue
		}
		if !strings.HasPrefix(key, "include") {
			list = append(list, Setting{File: name, Line: number, Name: key, Value: value})
			continue
		}
		files, err := resolve(r, key, beside(name, value))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			more, err := settings(r, file, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, more...)
		}
	}
	return list, nil
}

// resolve lists the files that an include directive names.
func resolve(r Reader, directive, name string) ([]string, error) {
	switch directive {
	case "include":
		return []string{name}, nil
	case "include_if_exists":
		_, err := r.Read(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return []string{name}, err
	case "include_dir":
		entries, err := r.List(name)
		var files []string
		for _, e := range entries {
			if strings.HasSuffix(e, ".conf") && !strings.HasPrefix(e, ".") {
				files = append(files, path.Join(name, e))
			}
		}
		return files, err
	}
	return nil, nil
}

// assignment reads a line: a name, perhaps an equals sign, a value that may be
// quoted, perhaps a comment.
func assignment(line string) (key, value string, ok bool) {
	line = strings.TrimSpace(line)
	stop := strings.IndexFunc(line, func(c rune) bool { return !nameRune(c) })
	if stop <= 0 {
		return "", "", false
	}
	key, rest := strings.ToLower(line[:stop]), strings.TrimSpace(line[stop:])
	rest = strings.TrimSpace(strings.TrimPrefix(rest, "="))
	if strings.HasPrefix(rest, "'") {
		value, ok = unquote(rest)
		return key, value, ok
	}
	value, _, _ = strings.Cut(rest, "#")
	value = strings.TrimSpace(value)
	return key, value, value != ""
}

func nameRune(c rune) bool {
	return c == '_' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// unquote reads a quoted value; a quote in it is doubled or escaped.
func unquote(text string) (string, bool) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'' && i+1 < len(text) && text[i+1] == '\'', c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case c == '\'':
			return b.String(), true
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}
