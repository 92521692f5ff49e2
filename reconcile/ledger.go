package reconcile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"time"

	"github.com/hotpair/hotpair/reconcile/disk"
)

// LedgerPath is where a node remembers, below its root.
const LedgerPath = "/var/lib/hotpair/ledger.json"

const ledgerVersion = 1

// Ledger is what the engine remembers between runs: what each thing was before
// the first change, what was last wanted and when that was last in order, and
// which follow-ups are still owed. No secret is in it.
type Ledger struct {
	Version int               `json:"version"`
	Salt    string            `json:"salt"`
	Found   *Found            `json:"found,omitempty"`
	Things  map[string]*Thing `json:"things"`
	Owed    map[string]Debt   `json:"owed,omitempty"`
	Files   map[string]*File  `json:"files,omitempty"`

	root   *disk.Root
	stored []byte
}

// Found is the role in which the node was found at the first apply.
type Found struct {
	Role string    `json:"role"`
	Peer string    `json:"peer,omitempty"`
	At   time.Time `json:"at"`
}

// Thing is what is remembered of one resource.
type Thing struct {
	First    Sealed            `json:"first"`              // as found, before any change; null: absent
	Original map[string]string `json:"original,omitempty"` // what Rememberer gave
	Want     Sealed            `json:"want"`               // last settled upon; null: absent
	Settled  time.Time         `json:"settled"`
}

// Debt is a follow-up that has been asked for and has not succeeded yet.
type Debt struct {
	Since time.Time `json:"since"`
	For   []string  `json:"for"`
}

// OpenLedger reads the ledger of a node. A node without one has an empty
// ledger; one that cannot be read is an error, since guessing what a node was
// before would lose it.
func OpenLedger(root *disk.Root) (*Ledger, error) {
	l := &Ledger{Version: ledgerVersion, Salt: newSalt(), Things: map[string]*Thing{}, Owed: map[string]Debt{}, Files: map[string]*File{}, root: root}
	text, err := root.Read(LedgerPath)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return nil, err
	}
	return l, l.decode(text)
}

func (l *Ledger) decode(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	read := Ledger{root: l.root}
	err := d.Decode(&read)
	if err == nil && (d.More() || read.Salt == "" || read.Things == nil) {
		err = errors.New("it is not a whole ledger")
	}
	if err == nil && read.Version != ledgerVersion {
		err = fmt.Errorf("version %d is not known to this hotpair", read.Version)
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w: restore it from a backup, or move it away to start anew from what the node is now", LedgerPath, err)
	}
	maps.DeleteFunc(read.Things, func(_ string, t *Thing) bool { return t == nil })
	maps.DeleteFunc(read.Files, func(_ string, f *File) bool { return f == nil })
	if read.Owed == nil {
		read.Owed = map[string]Debt{}
	}
	if read.Files == nil {
		read.Files = map[string]*File{}
	}
	*l = read
	l.stored = text
	return nil
}

// Save stores the ledger when it differs from what is stored.
func (l *Ledger) Save() error {
	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return fmt.Errorf("writing %s: %w", LedgerPath, err)
	}
	text = append(text, '\n')
	if bytes.Equal(text, l.stored) {
		return nil
	}
	if err := l.root.MakeDir(path.Dir(LedgerPath), 0o755); err != nil {
		return err
	}
	if err := l.root.Write(LedgerPath, text, 0o600); err != nil {
		return err
	}
	l.stored = text
	return nil
}

// settle records that a thing is as wanted. The time stands still while the
// want does, so that a run which changes nothing writes nothing.
func (l *Ledger) settle(c Change, now time.Time, changed bool) {
	t := l.Things[c.ID.String()]
	want := Seal(c.Want, l.Salt)
	if changed || t.Settled.IsZero() || !maps.Equal(t.Want, want) {
		t.Want, t.Settled = want, now
	}
}

// Records tells whether all that a plan looked at and found in order is known to
// have been so: an apply of an empty plan would write nothing.
func (l *Ledger) Records(p Plan) bool {
	for _, c := range p.looked {
		t, met := l.Things[c.ID.String()]
		if !met || c.Verb() == None && (t.Settled.IsZero() || !maps.Equal(t.Want, Seal(c.Want, l.Salt))) {
			return false
		}
	}
	return true
}

// keep adds to what is remembered of a thing; what is remembered stays.
func (t *Thing) keep(more map[string]string) {
	if t.Original == nil && len(more) > 0 {
		t.Original = map[string]string{}
	}
	for name, text := range more {
		if _, known := t.Original[name]; !known {
			t.Original[name] = text
		}
	}
}

func (t *Thing) forget(names []string) {
	for _, name := range names {
		delete(t.Original, name)
	}
}

// First is how a thing was found when it was first met; secrets in it are
// digests.
func (l *Ledger) First(id ID) (first State, met bool) {
	t, met := l.Things[id.String()]
	if !met {
		return nil, false
	}
	return t.First.State(), true
}

// Last is what was last settled upon for a thing, as First; nil: nothing yet, or
// that it be absent.
func (l *Ledger) Last(id ID) State {
	t, met := l.Things[id.String()]
	if !met {
		return nil
	}
	return t.Want.State()
}

// owe enters follow-ups as due.
func (l *Ledger) owe(actions []Action, now time.Time) {
	for _, a := range actions {
		debt, owed := l.Owed[a.Name]
		if !owed {
			debt.Since = now
		}
		debt.For = slices.Clone(a.For)
		l.Owed[a.Name] = debt
	}
}

// Original is what a Rememberer gave of a thing when it was first met.
func (l *Ledger) Original(id ID) (original map[string]string, met bool) {
	t, met := l.Things[id.String()]
	if !met {
		return nil, false
	}
	return t.Original, true
}

// Kept tells whether a thing was last settled upon as present.
func (l *Ledger) Kept(id ID) bool {
	t, met := l.Things[id.String()]
	return met && t.Want != nil
}

// Dismantled tells whether a thing was last settled upon as absent.
func (l *Ledger) Dismantled(id ID) bool {
	t, met := l.Things[id.String()]
	return met && !t.Settled.IsZero() && t.Want == nil
}

// drifted lists the attributes that differ although what is wanted of them has
// not changed since they were last in order, and tells when that was.
func (l *Ledger) drifted(c Change) ([]string, time.Time) {
	t, met := l.Things[c.ID.String()]
	if !met || t.Settled.IsZero() {
		return nil, time.Time{}
	}
	want := Seal(c.Want, l.Salt)
	var names []string
	for _, a := range c.Attributes() {
		last, was := t.Want[a.Name]
		now, is := want[a.Name]
		if was == is && last == now {
			names = append(names, a.Name)
		}
	}
	return names, t.Settled
}

// InOrder is when anything was last changed into order, or first seen so.
func (l *Ledger) InOrder() time.Time {
	var last time.Time
	for _, t := range l.Things {
		if t.Settled.After(last) {
			last = t.Settled
		}
	}
	return last
}
