package timeline

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/resources/record"
)

// record reads a line of hotpair's record.
func (c *calendar) record(text string) (line, bool) {
	var e record.Event
	if !strings.HasPrefix(text, "{") || json.Unmarshal([]byte(text), &e) != nil || e.At.IsZero() || e.Message == "" {
		return line{}, false
	}
	return recorded(e), true
}

// OfRecord is an event of the record as an entry.
func OfRecord(e record.Event) Entry {
	l := recorded(e)
	return Entry{At: l.at, From: l.program, Level: l.level, Text: l.text}
}

func recorded(e record.Event) line {
	program := "hotpair"
	if e.By != "watch" && e.By != "" {
		program += " " + e.By
	}
	return line{at: e.At, program: program, level: e.Level, text: sentence(e), told: true}
}

// sentence is an event in words: what happened, why, and the rest in brackets.
func sentence(e record.Event) string {
	text, why, rest := e.Message, "", []string(nil)
	for _, a := range e.Attrs {
		switch {
		case a.Value == "" || a.Value == "false":
		case a.Key == "why" || a.Key == "error" && why == "":
			why = ": " + a.Value
		case a.Value == "true":
			rest = append(rest, a.Key)
		default:
			rest = append(rest, fmt.Sprintf("%s %s", a.Key, a.Value))
		}
	}
	if text += why; len(rest) > 0 {
		text += " (" + strings.Join(rest, ", ") + ")"
	}
	return text
}
