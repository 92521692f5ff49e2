package replicate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"time"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate/rows"
)

// memoryPath is where a master remembers its runs. It holds counters, no data.
const memoryPath = "/var/lib/hotpair/replication.json"

// memories are what is known of each peer, by its host key. A wrong key in
// ha.hcl must not make the right peer a stranger, so what was known of the one
// before stays; of a peer that was never written there is nothing to keep.
type memories map[string]Memory

// Memory is what is known of earlier runs to one peer.
type Memory struct {
	peer     string // its host key
	Database struct {
		Marks
		Rows *rows.Memory `json:"rows,omitempty"`
		// PassiveSince is what the peer said of itself at the last good run: another
		// value means that it may have been active since.
		PassiveSince time.Time `json:"passive_since,omitzero"`
	} `json:"database"`
	Files Marks `json:"files"`
}

// Marks are when something was last done.
type Marks struct {
	Tried    time.Time `json:"tried,omitzero"`    // the start of the last whole run
	Good     time.Time `json:"good,omitzero"`     // the start of the last run after which both nodes were the same
	Compared time.Time `json:"compared,omitzero"` // everything was compared
	Verified time.Time `json:"verified,omitzero"` // everything was found equal by content
	Failure  string    `json:"failure,omitempty"` // of the last run
	Failing  time.Time `json:"failing,omitzero"`  // since when runs fail
	Single   bool      `json:"single,omitempty"`  // it is only single files that could not be sent
	Waits    string    `json:"waits,omitempty"`   // for which consent
}

// Ever tells whether hotpair has replicated from a node.
func Ever(h *host.Host) (bool, error) { return h.Exists(memoryPath) }

// Recall reads what is known of runs to a peer, by its host key: a peer whose
// address changed is the same one.
func Recall(h *host.Host, to string) (Memory, error) {
	all, err := recallAll(h)
	m := all[to]
	m.peer = to
	return m, err
}

func recallAll(h *host.Host) (memories, error) {
	text, err := h.Read(memoryPath)
	if errors.Is(err, fs.ErrNotExist) {
		return memories{}, nil
	}
	all := memories{}
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		return memories{}, fmt.Errorf("reading what was replicated, %s: %w: remove it, and everything is compared anew", memoryPath, err)
	}
	return all, nil
}

// Recaller reads what is known of runs to a peer again only where it changed.
type Recaller struct {
	Host *host.Host
	Peer string
	seen os.FileInfo
	last Memory
}

// Recall is as the function of that name.
func (r *Recaller) Recall() (Memory, error) {
	now, err := os.Lstat(r.Host.Host(memoryPath))
	if err == nil && r.seen != nil && os.SameFile(now, r.seen) && now.ModTime().Equal(r.seen.ModTime()) {
		return r.last, nil
	}
	known, wrong := Recall(r.Host, r.Peer)
	if r.seen = nil; err == nil && wrong == nil {
		r.seen, r.last = now, known
	}
	return known, wrong
}

func (m Memory) store(h *host.Host) error {
	all, err := recallAll(h)
	if err != nil {
		return err
	}
	maps.DeleteFunc(all, func(_ string, other Memory) bool { return !other.written() })
	all[m.peer] = m
	return h.Store(memoryPath, all, 0o600)
}

// written tells whether the peer was ever brought up to date.
func (m Memory) written() bool { return !m.Database.Good.IsZero() || !m.Files.Good.IsZero() }

// mark enters how a run went. What a whole run failed at is not mended by single
// files that were sent since. A verification that failed or found a difference
// says nothing of copying.
func (m *Marks) mark(e Entry) {
	if e.Verify && e.Result != Same || e.Single && !m.Failing.IsZero() && !m.Single {
		return
	}
	if !e.Single && !e.Verify {
		m.Tried = e.At
	}
	switch e.Result {
	case Failed:
		m.Failure, m.Waits, m.Single = e.Error, "", e.Single
		if m.Failing.IsZero() {
			m.Failing = e.At
		}
		return
	case Waiting:
		m.Failure, m.Failing, m.Waits = "", time.Time{}, e.Error
		return
	}
	m.Failure, m.Waits, m.Failing, m.Single = "", "", time.Time{}, false
	m.Good = e.At
	if e.Full {
		m.Compared = e.At
	}
	if e.Content && e.Result != Copied {
		m.Verified = e.At
	}
}
