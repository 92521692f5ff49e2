package timeline

import (
	"encoding/json"
	"strings"
	"time"

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

// sentence is an event in words: what happened, to what or why, and the rest in
// brackets.
func sentence(e record.Event) string {
	text, main, rest := e.Message, "", []string(nil)
	for _, key := range []string{"why", "what", "resource", "text", "error"} {
		if main == "" && e.Attrs.Get(key) != "" {
			main, text = key, text+": "+e.Attrs.Get(key)
		}
	}
	for _, a := range e.Attrs {
		switch at, err := time.Parse(time.RFC3339, a.Value); {
		case a.Key == main, a.Value == "", a.Value == "false":
		case a.Value == "true":
			rest = append(rest, a.Key)
		case err == nil:
			rest = append(rest, a.Key+" "+at.Local().Format(time.DateTime))
		default:
			rest = append(rest, a.Key+" "+a.Value)
		}
	}
	if len(rest) > 0 {
		text += " (" + strings.Join(rest, ", ") + ")"
	}
	return text
}
