package schema

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// masked is a copy of a source in which * stand for whatever may be secret. It
// goes by lines and tokens, so that it holds for what does not parse: shown are
// the names of blocks and arguments, and the values of arguments of which no
// kind is secret. Text and copy have the same length where they are shown.
func masked(text []byte) []byte {
	out := bytes.Clone(text)
	lines := lineMasker{covers: covers(), shapes: lineShapes()}
	for start := len(byteOrderMark(text)); start < len(out); {
		end := len(out)
		if i := bytes.IndexByte(out[start:], '\n'); i >= 0 {
			end = start + i
		}
		lines.mask(out[start:end])
		start = end + 1
	}
	maskHeredocs(text, out)
	return out
}

// byteOrderMark is what some editors put before the text and HCL passes over.
func byteOrderMark(text []byte) []byte {
	mark := []byte("\ufeff")
	if bytes.HasPrefix(text, mark) {
		return mark
	}
	return nil
}

// covers says how much of the values of arguments may be shown: by the block and
// the name, by the name alone in whichever block, and by "." and the name before
// there was any block that has a name of its own.
func covers() map[string]cover {
	out := map[string]cover{}
	language().walk("", func(_ string, a attribute, in block) {
		places := []string{a.name, in.name + "." + a.name}
		if !in.within {
			places = append(places, "."+a.name)
		}
		for _, place := range places {
			out[place] = max(out[place], a.kind.cover)
		}
	})
	return out
}

// maskHeredocs covers texts of several lines, whoever's they are.
func maskHeredocs(text, out []byte) {
	tokens, _ := hclsyntax.LexConfig(text, "", hcl.InitialPos)
	for _, token := range tokens {
		if token.Type == hclsyntax.TokenStringLit {
			stars(out[min(token.Range.Start.Byte, len(out)):min(token.Range.End.Byte, len(out))])
		}
	}
}

// stars covers everything but spaces, quotes and line ends.
func stars(text []byte) {
	for i, c := range text {
		if c != ' ' && c != '\t' && c != '"' && c != '\n' && c != '\r' {
			text[i] = '*'
		}
	}
}

// veil covers the same but for the punctuation between texts, where it is plain
// what is between them.
func veil(text []byte) {
	const punctuation = "={}()[],:;"
	plainly, within := bytes.Count(text, []byte(`"`))%2 == 0 && !bytes.Contains(text, []byte(`\`)), false
	for i, c := range text {
		if c == '"' {
			within = !within
		}
		if !plainly || within || !strings.ContainsRune(punctuation, rune(c)) {
			stars(text[i : i+1])
		}
	}
}
