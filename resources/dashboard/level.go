package dashboard

// Level is how well something is; the higher, the worse.
type Level int

// The levels, each with a colour, a word and a shape of its own.
const (
	Well      Level = iota
	Unclear         // nothing is amiss, but not everything is known
	Attention       // phones are served, and something is to be looked at
	Trouble         // phones are not served, or are about not to be
)

// String is a level for style sheets and machines.
func (l Level) String() string {
	return [...]string{"well", "unclear", "attention", "trouble"}[l]
}

// MarshalText writes a level as String says it.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Word is a level for people.
func (l Level) Word() string {
	return [...]string{"Well", "Not known", "Needs attention", "Trouble"}[l]
}
