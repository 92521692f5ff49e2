package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

const (
	// Path is where the record is, an object a line.
	Path = "/var/lib/hotpair/events.jsonl"
	// size is how large it grows, in bytes, before its older half goes: the events
	// of months.
	size = 4 << 20
)

// Event is something that happened.
type Event struct {
	At      time.Time `json:"at"`    // UTC, to the millisecond
	Level   string    `json:"level"` // INFO, WARN or ERROR
	By      string    `json:"by"`    // the command: watch, apply …
	Message string    `json:"message"`
	Attrs   Attrs     `json:"attrs,omitempty"`
}

// Attr is what is told beside a message.
type Attr struct{ Key, Value string }

// Attrs are in the order in which they were told; as JSON they are one object.
type Attrs []Attr

// Get is the value of a key; "": there is none.
func (as Attrs) Get(key string) string {
	if i := slices.IndexFunc(as, func(a Attr) bool { return a.Key == key }); i >= 0 {
		return as[i].Value
	}
	return ""
}

// MarshalJSON writes an object.
func (as Attrs) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, a := range as {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(a.Key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(a.Value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s:%s", key, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

var errNoAttrs = errors.New("the attributes are no object of texts")

// UnmarshalJSON reads an object of texts.
func (as *Attrs) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return errNoAttrs
	}
	*as = nil
	for d.More() {
		var a Attr
		key, err := d.Token()
		if err != nil {
			return err
		}
		a.Key, _ = key.(string) // RFC 8259, section 4: a name is a string
		if err := d.Decode(&a.Value); err != nil {
			return errNoAttrs
		}
		*as = append(*as, a)
	}
	return nil
}

// Read reads the record, the oldest first; none where nothing was recorded yet. A
// line that a crash cut is left out.
func Read(h *host.Host) ([]Event, error) {
	list, err := host.Lines[Event](h, Path)
	return slices.DeleteFunc(list, func(e Event) bool { return e.At.IsZero() }), err
}
