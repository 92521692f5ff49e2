package schema

import (
	"path/filepath"
	"regexp"
	"strings"
)

// checkPath accepts an absolute path that means the same to every program that
// it is handed to: a shell, cron, rsync.
func checkPath(text string) string {
	if strings.ContainsAny(text, "*?[]") {
		return "A path names one place; *, ? and [] belong into exclude.files."
	}
	if wrong := checkPlace(text); wrong != "" {
		return wrong
	}
	if text == "/" {
		return "/ is the whole node, with what makes it this one. Name the directories below it that are needed."
	}
	if clean := filepath.Clean(text); clean != text {
		return "Write the path in its shortest form: " + quote(clean) + "."
	}
	return ""
}

// checkPattern accepts an anchored pattern for exclusion.
func checkPattern(text string) string {
	if wrong := checkPlace(text); wrong != "" {
		return wrong
	}
	if text == "/" || strings.Trim(text, "/*") == "" {
		return "This pattern leaves nothing to copy. Name what is not to be copied, such as \"/var/lib/asterisk/moh/*.tmp\"."
	}
	return ""
}

func checkPlace(text string) string {
	switch {
	case text == "":
		return "It is empty. Write an absolute path."
	case strings.HasPrefix(text, "-"):
		return "A path that begins with - is an option to most programs. Write an absolute path."
	case !strings.HasPrefix(text, "/"):
		return quote(text) + " is not absolute. Write the whole path, beginning with /."
	case strings.ContainsAny(text, "\";%'`\\$|&<>!#{}"):
		return "A path must not contain quotes or any of ; % \\ $ | & < > ! # { }, which mean something to cron or a shell. Rename what is called so."
	case hasDots(text):
		return "A path must not contain the steps . and .., which lead elsewhere. Write where it really is."
	case len(text) > 1024:
		return "A path of more than 1024 bytes is not a path. Look for a missing quote."
	}
	return ""
}

func hasDots(text string) bool {
	for step := range strings.SplitSeq(text, "/") {
		if step == "." || step == ".." {
			return true
		}
	}
	return false
}

// checkTable accepts what PostgreSQL takes as a name without quotes.
func checkTable(text string) string {
	if len(text) <= 63 && isIdentifier(text) {
		return ""
	}
	return quote(text) + " is not a table's name. Write it without schema and quotes: letters, digits and _, at most 63, not beginning with a digit."
}

func checkWord(text string) string {
	if regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.@-]*$`).MatchString(text) {
		return ""
	}
	return quote(text) + " is not a name. Write letters, digits and _ . @ -, not beginning with . @ or -."
}

// checkPlatformName lets through the name of a preset and an absolute path,
// which is read later.
func checkPlatformName(text string) string {
	if strings.Contains(text, "/") {
		return checkPath(text)
	}
	return checkOneOf(text, Platforms())
}

// isIdentifier tells whether a text is an identifier of SQL that needs no quotes.
// It is asked for each of many tables: a regular expression would take longer
// than all the rest of reading ha.hcl.
func isIdentifier(text string) bool {
	for i, c := range []byte(text) {
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c != '$' && (c < '0' || c > '9')) {
			return false
		}
	}
	return text != ""
}
