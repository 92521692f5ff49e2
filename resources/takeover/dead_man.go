package takeover

import (
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// deadAfter is longer than systemd takes to start a daemon again that died.
const deadAfter = 2 * time.Minute

const deadPath = "/run/hotpair/dead.json"

// Dead tells whether the daemon has been dead for longer than a restart takes;
// it is asked each minute, and remembers since when.
func Dead(h *host.Host, lives bool, now time.Time) (bool, error) {
	if lives {
		return false, h.Remove(deadPath)
	}
	var since time.Time
	if !get(h, deadPath, &since) || since.After(now) {
		return false, put(h, deadPath, now.UTC(), 0o600)
	}
	return now.Sub(since) >= deadAfter, nil
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
