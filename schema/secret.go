package schema

import (
	"fmt"
	"io"
	"log/slog"
)

const hidden = "(secret)"

// A Secret is text that no way of printing shows.
type Secret struct{ text string }

// Reveal gives the text itself, for the one place that needs it.
func (s Secret) Reveal() string { return s.text }

// String hides the text.
func (Secret) String() string { return hidden }

// GoString hides the text.
func (Secret) GoString() string { return hidden }

// Format hides the text from every verb.
func (Secret) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// MarshalJSON hides the text.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// MarshalText hides the text.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue hides the text.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }
