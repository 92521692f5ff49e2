package schema

import (
	"strconv"
	"strings"
)

// quote shows a text that is not secret: one line, at most 60 characters of it.
func quote(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return strconv.Quote(text)
}

// DidYouMean is a sentence that names the word closest to text, with a space
// before it, or nothing when none is close.
func DidYouMean(text string, words []string) string {
	best, distance := "", 3
	for _, word := range words {
		if d := editDistance(strings.ToLower(text), word); d < distance && d < len(word) {
			best, distance = word, d
		}
	}
	if best == "" {
		return ""
	}
	return " Did you mean " + strconv.Quote(best) + "?"
}

// editDistance counts the insertions, deletions and replacements (Levenshtein)
// that make a into b. Long texts are far from everything.
func editDistance(a, b string) int {
	if len(a) > 64 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
