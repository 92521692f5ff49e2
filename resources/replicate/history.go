package replicate

import (
	"slices"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// HistoryPath is where each run is recorded, an object a line.
const HistoryPath = "/var/lib/hotpair/history.jsonl"

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
	return h.AppendLine(HistoryPath, e, historySize)
}

// History reads the recorded runs, the oldest first. A line that a crash cut is
// left out.
func History(h *host.Host) ([]Entry, error) {
	list, err := host.Lines[Entry](h, HistoryPath)
	return slices.DeleteFunc(list, func(e Entry) bool { return e.At.IsZero() }), err
}
