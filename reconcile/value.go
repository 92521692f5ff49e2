package reconcile

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"strconv"
	"unique"
)

// concealed stands for a secret wherever a value is printed.
const concealed = "(secret)"

// A Value is one attribute of a thing. A secret one shows "(secret)" however
// it is printed: by any verb of fmt, as JSON, as text, or in a log. The text is
// behind a pointer, so that it stays hidden also where fmt walks fields without
// asking: with %p, and below unexported fields. Values can be compared by ==.
type Value struct {
	text   unique.Handle[string]
	secret bool
}

// Text returns a plain value.
func Text(s string) Value { return Value{text: handle(s)} }

// Secret returns a value that nothing prints.
func Secret(s string) Value { return Value{text: handle(s), secret: true} }

// handle keeps the empty text as the zero handle, so that Text("") is Value{}.
func handle(s string) unique.Handle[string] {
	if s == "" {
		return unique.Handle[string]{}
	}
	return unique.Make(s)
}

// Reveal is the text, also of a secret.
func (v Value) Reveal() string {
	if v.text == (unique.Handle[string]{}) {
		return ""
	}
	return v.text.Value()
}

// IsSecret tells whether printing hides the text.
func (v Value) IsSecret() bool { return v.secret }

func (v Value) String() string {
	if v.secret {
		return concealed
	}
	return v.Reveal()
}

// GoString keeps %#v from showing the fields.
func (v Value) GoString() string { return strconv.Quote(v.String()) }

// Format serves every verb but %p, which fmt never hands on.
func (v Value) Format(f fmt.State, verb rune) {
	switch verb {
	case 'q':
		io.WriteString(f, strconv.Quote(v.String()))
	default:
		io.WriteString(f, v.String())
	}
}

// MarshalText serves JSON and every other encoding that knows text.
func (v Value) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// LogValue serves log/slog.
func (v Value) LogValue() slog.Value { return slog.StringValue(v.String()) }

// State is what a thing looks like, attribute by attribute. A nil State means
// that the thing is absent; a present thing has at least one attribute.
type State map[string]Value

// Equal tells whether both states show the same thing, or are both absent.
func (s State) Equal(other State) bool { return maps.Equal(s, other) }

// Absent tells whether there is nothing.
func (s State) Absent() bool { return len(s) == 0 }
