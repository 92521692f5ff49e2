package takeover

import (
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// deadAfter is longer than systemd takes to start a daemon again that died.
const deadAfter = 2 * time.Minute

const deadPath = "/run/hotpair/dead.json"

// death is what is remembered of a daemon that is dead.
type death struct {
	Since time.Time `json:"since"`
	Told  bool      `json:"told,omitempty"`
}

// Dead tells whether the daemon has been dead for longer than a restart takes,
// and whether that is news; it is asked each minute, and remembers.
func Dead(h *host.Host, lives bool, now time.Time) (dead, news bool, err error) {
	if lives {
		return false, false, h.Remove(deadPath)
	}
	var d death
	if !get(h, deadPath, &d) || d.Since.After(now) {
		return false, false, h.Store(deadPath, death{Since: now.UTC()}, 0o600)
	}
	if now.Sub(d.Since) < deadAfter || d.Told {
		return d.Told, false, nil
	}
	d.Told = true
	return true, true, h.Store(deadPath, d, 0o600)
}

// Keeps tells whether this standby serves since it took over, and why it did.
func Keeps(h *host.Host) (bool, string) {
	known, err := recall(h)
	return err == nil && known.Memory.Serving, known.Memory.Why
}

// Replicated is a good replication to this standby that it knows of, which may
// not be the last of the day; zero: none.
func Replicated(h *host.Host) time.Time {
	known, err := recall(h)
	if err != nil {
		return time.Time{}
	}
	return known.Replicated
}
