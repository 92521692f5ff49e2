package takeover

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/host"
)

// The files of the failover. Those below /run are gone after a reboot.
const (
	memoryPath   = "/var/lib/hotpair/failover.json"
	standingPath = "/run/hotpair/failover.json"
	reportPath   = "/run/hotpair/report.json"
	orderPath    = "/run/hotpair/order.json"
)

// kept is what a node knows across restarts.
type kept struct {
	Master     bool            `json:"master"` // whose memory it is
	Memory     failover.Memory `json:"memory"`
	Replicated time.Time       `json:"replicated,omitzero"` // the last good replication to here, as the master told
	Done       time.Time       `json:"done,omitzero"`       // the last transition that was carried out
}

// steady is what is worth a write: who serves and why, what an operator wants,
// and what was ever seen. What the peer looks like is not, so that a disk that
// hangs while the master dies delays no takeover.
func (k kept) steady() kept {
	m := k.Memory
	return kept{Master: k.Master, Done: k.Done, Replicated: k.Replicated.Truncate(24 * time.Hour), Memory: failover.Memory{
		Known: m.Known, Reported: m.Reported, Begun: m.Begun, Serving: m.Serving, Since: m.Since, Why: m.Why, ByHand: m.ByHand, Until: m.Until,
		Takeovers: m.Takeovers, Split: m.Split, Order: m.Order, Paused: m.Paused}}
}

// recall reads what was known; a file that cannot be read is told of, and
// nothing is known then.
func recall(h *host.Host) (k kept, err error) {
	text, err := h.Read(memoryPath)
	if errors.Is(err, fs.ErrNotExist) {
		return kept{}, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &k)
	}
	if err != nil {
		return kept{}, fmt.Errorf("what was known of the failover cannot be read: %w; it begins anew, and %s is written again", err, memoryPath)
	}
	return k, nil
}

// Known lists the probes that were ever seen alive, sorted.
func Known(h *host.Host) ([]string, error) {
	k, err := recall(h)
	return k.Memory.Known, err
}

// as is what is known for a role: who serves is decided anew when that changed.
func (k kept) as(master bool) kept {
	if k.Master == master {
		return k
	}
	m := k.Memory
	return kept{Master: master, Replicated: k.Replicated, Memory: failover.Memory{Known: m.Known, Paused: m.Paused}}
}

// get reads a small file of ours; false: it is not there, or not readable.
func get(h *host.Host, name string, v any) bool {
	text, err := h.Read(name)
	return err == nil && len(text) <= longestLine && json.Unmarshal(bytes.TrimSpace(text), v) == nil
}
