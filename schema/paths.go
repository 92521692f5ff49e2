package schema

import (
	"errors"
	"path/filepath"
	"regexp"
	"strings"
)

// checkPath accepts an absolute path that means the same to every program that
// it is handed to: a shell, cron, rsync.
func checkPath(text string) error {
	if strings.ContainsAny(text, "*?[]") {
		return errors.New("A path names one place; *, ? and [] belong into exclude.files.")
	}
	if err := checkPlace(text); err != nil {
		return err
	}
	if text == "/" {
		return errors.New("/ is the whole node, with what makes it this one. Name the directories below it that are needed.")
	}
	if clean := filepath.Clean(text); clean != text {
		return errors.New("Write the path in its shortest form: " + quote(clean) + ".")
	}
	return nil
}

// checkPattern accepts an anchored pattern for exclusion.
func checkPattern(text string) error {
	if err := checkPlace(text); err != nil {
		return err
	}
	if text == "/" || strings.Trim(text, "/*") == "" {
		return errors.New("This pattern leaves nothing to copy. Name what is not to be copied, such as \"/var/lib/asterisk/moh/*.tmp\".")
	}
	return nil
}

func checkPlace(text string) error {
	switch {
	case text == "":
		return errors.New("It is empty. Write an absolute path.")
	case strings.HasPrefix(text, "-"):
		return errors.New("A path that begins with - is an option to most programs. Write an absolute path.")
	case !strings.HasPrefix(text, "/"):
		return errors.New(quote(text) + " is not absolute. Write the whole path, beginning with /.")
	case strings.ContainsAny(text, "\";%'`\\$|&<>!#{}"):
		return errors.New("A path must not contain quotes or any of ; % \\ $ | & < > ! # { }, which mean something to cron or a shell. Rename what is called so.")
	case hasDots(text):
		return errors.New("A path must not contain the steps . and .., which lead elsewhere. Write where it really is.")
	case len(text) > 1024:
		return errors.New("A path of more than 1024 bytes is not a path. Look for a missing quote.")
	}
	return nil
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
func checkTable(text string) error {
	if len(text) <= 63 && regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_$]*$`).MatchString(text) {
		return nil
	}
	return errors.New(quote(text) + " is not a table's name. Write it without schema and quotes: letters, digits and _, at most 63, not beginning with a digit.")
}

func checkWord(text string) error {
	if regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.@-]*$`).MatchString(text) {
		return nil
	}
	return errors.New(quote(text) + " is not a name. Write letters, digits and _ . @ -, not beginning with . @ or -.")
}

// checkPlatformName lets through the name of a preset and an absolute path,
// which is read later.
func checkPlatformName(text string) error {
	if strings.Contains(text, "/") {
		return checkPath(text)
	}
	return checkOneOf(text, Platforms())
}
