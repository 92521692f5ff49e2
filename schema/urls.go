package schema

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
)

func checkWebURL(text string) error {
	return checkURL(text, "http://127.0.0.1:8666/0.2", "http", "https")
}

func checkPostgresURL(text string) error {
	return checkURL(text, "postgres:///asterisk?host=/var/run/postgresql&user=postgres", "postgres", "postgresql")
}

// checkURL quotes nothing of text, which may hold a password; url.Parse's
// errors do, so they are not passed on.
func checkURL(text, example string, schemes ...string) error {
	likeThis := " Write it like this: \"" + example + "\"."
	u, err := url.Parse(text)
	switch {
	case text == "":
		return errors.New("It is empty." + likeThis)
	case err != nil:
		return errors.New("This is not a URL. If it holds a password, write characters such as @ / ? # % in it as %40 %2F %3F %23 %25." + likeThis)
	case !slices.Contains(schemes, u.Scheme):
		return errors.New("A URL that begins with " + alternatives(withSlashes(schemes)) + " is needed." + likeThis)
	case u.Opaque != "" || u.Fragment != "":
		return errors.New("This URL has a part that means nothing here; a # in a password is written %23." + likeThis)
	case u.Hostname() == "" && schemes[0] == "http":
		return errors.New("This URL names no host." + likeThis)
	case badPort(u.Port()):
		return errors.New("The port in this URL is not one of 1 to 65535.")
	}
	return checkQuery(u, schemes[0])
}

func checkQuery(u *url.URL, scheme string) error {
	if _, err := url.ParseQuery(u.RawQuery); err != nil {
		return errors.New("What follows the ? in this URL cannot be read. Write it as name=value&name=value, with %26 for an & in a value.")
	}
	if scheme == "http" && u.RawQuery != "" {
		return errors.New("A base URL has nothing after a ?. Leave that part out.")
	}
	return nil
}

func badPort(text string) bool {
	n, err := strconv.Atoi(text)
	return text != "" && (err != nil || n < 1 || n > 65535)
}

func withSlashes(schemes []string) []string {
	out := make([]string, len(schemes))
	for i, scheme := range schemes {
		out[i] = scheme + "://"
	}
	return out
}
