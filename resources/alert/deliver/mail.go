package deliver

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/wneessen/go-mail"
)

const (
	width       = 76 // of a line, as far as its words allow
	longestLine = 900
)

// compose makes a mail of a message (RFC 5322); a subject that is not plain is
// encoded (RFC 2047), and so is the text.
func compose(m Message) *mail.Msg {
	body := m.body()
	encoding := mail.NoEncoding
	if !plain(body) {
		encoding = mail.EncodingQP
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithEncoding(encoding))
	msg.Subject(m.subject())
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5
	msg.SetDateWithValue(m.At)
	msg.SetBodyString(mail.TypeTextPlain, body)
	return msg
}

// plain tells whether a text can stand in a mail as it is: ASCII, in lines of
// fewer than 998 characters (RFC 5322 §2.1.1).
func plain(text string) bool {
	for line := range strings.Lines(text) {
		if len(line) > longestLine || strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
			return false
		}
	}
	return true
}

func (m Message) subject() string {
	said := map[string]string{"reminder": "still: ", "test": "test: "}[m.Event]
	return strings.ReplaceAll(fmt.Sprintf("hotpair on %s: %s%s", m.Node, said, m.Title), "=?", "= ?") // or its reader decodes it (RFC 2047 §2)
}

func (m Message) body() string {
	var b strings.Builder
	title := []rune(m.Title + ".\n\n")
	if word, _, _ := strings.Cut(m.Title, " "); !strings.Contains(word, ".") { // that of a file stays as it is
		title[0] = unicode.ToUpper(title[0])
	}
	b.WriteString(string(title))
	wrap(&b, m.Text)
	if m.Do != "" {
		b.WriteString("\n")
		wrap(&b, "What to do: "+m.Do)
	}
	b.WriteString("\n")
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%-10s %s\n", label, text)
		}
	}
	line("Node", m.Node+inBrackets(m.Role))
	line("Peer", m.Peer)
	line("Condition", m.Condition+inBrackets(m.Of))
	line("Since", stamp(m.Since))
	line("Until", stamp(m.Ended))
	return b.String()
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04:05 -0700")
}

// wrap writes a text in lines, broken between its words.
func wrap(b *strings.Builder, text string) {
	column := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case column == 0:
		case column+1+len(word) > width:
			b.WriteString("\n")
			column = 0
		default:
			b.WriteString(" ")
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	b.WriteString("\n")
}
