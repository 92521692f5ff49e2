package sip

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// parseHeader takes a header line apart, and gives the long name in lower case.
func parseHeader(line string) (name, value string, err error) {
	name, value, found := strings.Cut(line, ":")
	name = strings.TrimRight(name, " \t")
	if !found || name == "" || strings.ContainsFunc(name, notToken) {
		return "", "", errors.New("a line is no header")
	}
	return long(strings.ToLower(name)), strings.Trim(value, " \t"), nil
}

// long is the name of a compact form (RFC 3261 §7.3.3).
func long(name string) string {
	switch name {
	case "v":
		return "via"
	case "i":
		return "call-id"
	case "f":
		return "from"
	case "t":
		return "to"
	case "l":
		return "content-length"
	case "m":
		return "contact"
	}
	return name
}

// notToken is what cannot be in a token (RFC 3261 §25.1).
func notToken(c rune) bool {
	return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && !strings.ContainsRune("-.!%*_+`'~", c)
}

// take keeps what is needed of a header.
func (r *Response) take(once map[string]string, name, value string) error {
	switch name {
	case "via":
		return r.takeVia(value)
	case "from", "to", "call-id", "cseq", "content-length":
		if _, again := once[name]; again {
			return fmt.Errorf("there are two headers %s", name)
		}
		once[name] = value
	case "contact", "expires", "min-expires", "www-authenticate", "proxy-authenticate":
		if r.others == nil {
			r.others = map[string][]string{}
		}
		r.others[name] = append(r.others[name], value)
	}
	return nil
}

// takeVia counts the values, and keeps the branch of the first of all.
func (r *Response) takeVia(value string) error {
	values, err := split(value, ',')
	if err != nil {
		return err
	}
	if r.Vias += len(values); r.Vias > len(values) {
		return nil
	}
	parts, err := split(values[0], ';')
	if err != nil {
		return err
	}
	for _, part := range parts[1:] {
		name, text, _ := strings.Cut(part, "=")
		if strings.EqualFold(strings.TrimSpace(name), "branch") {
			if r.Branch != "" {
				return errors.New("a Via has two branches")
			}
			r.Branch = strings.TrimSpace(text)
		}
	}
	return nil
}

// split cuts at a separator, but not within quotes (RFC 3261 §25.1, quoted-string).
func split(text string, at byte) ([]string, error) {
	var parts []string
	begin, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == at && !quoted:
			parts = append(parts, text[begin:i])
			begin = i + 1
		}
	}
	if quoted {
		return nil, errors.New("a quote does not end")
	}
	return append(parts, text[begin:]), nil
}

// complete reads the headers that there is one of.
func (r *Response) complete(once map[string]string) error {
	for _, name := range []string{"from", "to", "call-id", "cseq"} {
		if once[name] == "" {
			return fmt.Errorf("there is no header %s", name)
		}
	}
	if r.Branch == "" {
		return errors.New("the topmost Via has no branch")
	}
	r.From, r.CallID = once["from"], once["call-id"]
	cseq := strings.Fields(once["cseq"])
	if len(cseq) != 2 || strings.ContainsFunc(cseq[1], notToken) {
		return errors.New("its CSeq is not a number and a method")
	}
	number, err := strconv.ParseUint(cseq[0], 10, 31)
	if err != nil {
		return errors.New("its CSeq is not a number below 2**31 and a method")
	}
	r.CSeq, r.Method = uint32(number), cseq[1]
	if length, there := once["content-length"]; there {
		n, err := strconv.ParseUint(length, 10, 31)
		if err != nil {
			return errors.New("its Content-Length is no number")
		}
		r.Length = int(n)
	}
	return nil
}
