package schema

import (
	"net/url"
	"slices"
	"strconv"
)

func checkWebURL(text string) string {
	return checkURL(text, "http://127.0.0.1:8666/0.2", "http", "https")
}

func checkPostgresURL(text string) string {
	return checkURL(text, "postgres:///asterisk?host=/var/run/postgresql&user=postgres", "postgres", "postgresql")
}

// checkURL quotes nothing of text, which may hold a password; url.Parse's
// errors do, so they are not passed on.
func checkURL(text, example string, schemes ...string) string {
	likeThis := " Write it like this: \"" + example + "\"."
	u, err := url.Parse(text)
	switch {
	case text == "":
		return "It is empty." + likeThis
	case err != nil:
		return "This is not a URL. If it holds a password, write characters such as @ / ? # % in it as %40 %2F %3F %23 %25." + likeThis
	case !slices.Contains(schemes, u.Scheme):
		return "A URL that begins with " + alternatives(withSlashes(schemes)) + " is needed." + likeThis
	case u.Opaque != "" || u.Fragment != "":
		return "This URL has a part that means nothing here; a # in a password is written %23." + likeThis
	case u.Hostname() == "" && schemes[0] == "http":
		return "This URL names no host." + likeThis
	case badPort(u.Port()):
		return "The port in this URL is not one of 1 to 65535."
	}
	return checkQuery(u, schemes[0])
}

func checkQuery(u *url.URL, scheme string) string {
	if _, err := url.ParseQuery(u.RawQuery); err != nil {
		return "What follows the ? in this URL cannot be read. Write it as name=value&name=value, with %26 for an & in a value."
	}
	if scheme == "http" && u.RawQuery != "" {
		return "A base URL has nothing after a ?. Leave that part out."
	}
	return ""
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
