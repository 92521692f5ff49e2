package replicate

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// historyPath is where each run is recorded, an object a line.
const historyPath = "/var/lib/hotpair/history.jsonl"

// historySize is how large the history grows, in bytes, before its older half
// goes.
const historySize = 512 << 10

// The results of a run.
const (
	Copied    = "copied"
	Unchanged = "unchanged"
	Same      = "equal"   // a verification found no difference
	Differs   = "differs" // a verification found one
	Planned   = "planned" // a dry run
	Waiting   = "waiting" // for consent
	Failed    = "failed"
)

// Entry is one run, as the history has it.
type Entry struct {
	At       time.Time `json:"at"` // its start
	What     string    `json:"what"`
	Why      string    `json:"why"`
	Result   string    `json:"result"`
	Took     float64   `json:"took_s"`
	Inserted int64     `json:"inserted,omitempty"`
	Changed  int64     `json:"changed,omitempty"`
	Deleted  int64     `json:"deleted,omitempty"`
	Bytes    int64     `json:"bytes,omitempty"`
	// Sequences is how many stood elsewhere.
	Sequences int    `json:"sequences,omitempty"`
	Full      bool   `json:"full,omitempty"`    // everything was compared
	Content   bool   `json:"content,omitempty"` // by content
	Verify    bool   `json:"verify,omitempty"`  // nothing was to be copied
	Single    bool   `json:"single,omitempty"`  // single files were sent, nothing else was looked at
	Error     string `json:"error,omitempty"`
	// Away: the peer takes nothing at all now; Unreached: since it is not reached.
	Away      bool     `json:"away,omitempty"`
	Unreached bool     `json:"unreached,omitempty"`
	Parts     []Part   `json:"parts,omitempty"`    // what differed: tables, or files of a run that copied few
	Notes     []string `json:"notes,omitempty"`    // what an administrator should know of this run
	Warnings  []string `json:"warnings,omitempty"` // and what of every run
	Looked    int      `json:"looked,omitempty"`
}

// Part is a table, a sequence or a file that differed.
type Part struct {
	Name     string `json:"name"`
	Verb     string `json:"verb,omitempty"` // of a file, or "sequence"
	Inserted int64  `json:"inserted,omitempty"`
	Changed  int64  `json:"changed,omitempty"`
	Deleted  int64  `json:"deleted,omitempty"`
}

// record adds a run to the history.
func record(h *host.Host, e Entry) error {
	const most = 50
	if len(e.Parts) > most {
		e.Parts = e.Parts[:most]
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	old, err := h.Read(historyPath)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := h.MakeDir(path.Dir(historyPath), 0o755); err != nil {
		return err
	}
	return h.Write(historyPath, append(shortened(old), append(line, '\n')...), 0o600)
}

// shortened drops the older half of a history that is too large.
func shortened(text []byte) []byte {
	if len(text) < historySize {
		return text
	}
	text = text[len(text)/2:]
	return text[bytes.IndexByte(text, '\n')+1:]
}

// History reads the recorded runs, the oldest first. A line that a crash cut is
// left out.
func History(h *host.Host) ([]Entry, error) {
	text, err := h.Read(historyPath)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var list []Entry
	for line := range bytes.Lines(text) {
		var e Entry
		if json.Unmarshal(line, &e) == nil && !e.At.IsZero() {
			list = append(list, e)
		}
	}
	return list, err
}
