package resources

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// ServicesPath is where a node remembers, below its root, how long its services
// took to start.
const ServicesPath = "/var/lib/hotpair/services.json"

// AssumedStart is how long the services take to start where nobody has measured
// it: as long as `wazo-service restart` does.
const AssumedStart = 45 * time.Second

// longestStart bounds what a measurement may say.
const longestStart = time.Hour

// servicesStart is that memory.
type servicesStart struct {
	Seconds float64   `json:"start_seconds"`
	At      time.Time `json:"at"`
}

// ServicesStart is how long this node's services take to start, and whether
// that was measured; until it was, it is assumed.
func ServicesStart(h *host.Host) (took time.Duration, measured bool, err error) {
	text, err := h.Read(ServicesPath)
	if errors.Is(err, fs.ErrNotExist) {
		return AssumedStart, false, nil
	}
	var s servicesStart
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err == nil && (s.Seconds <= 0 || s.Seconds > longestStart.Seconds()) {
		err = fmt.Errorf("the services cannot have taken %g s to start", s.Seconds)
	}
	if err != nil {
		return AssumedStart, false, fmt.Errorf("reading %s: %w: remove it; it is measured again at the next start", ServicesPath, err)
	}
	return time.Duration(s.Seconds * float64(time.Second)), true, nil
}

// RecordServicesStart remembers how long the services took to start, from the
// command until they answered. Less than a tenth of a second is as much.
func RecordServicesStart(h *host.Host, took time.Duration) error {
	took = min(max(took.Round(100*time.Millisecond), 100*time.Millisecond), longestStart)
	return h.Store(ServicesPath, servicesStart{Seconds: took.Seconds(), At: time.Now().UTC().Truncate(time.Second)}, 0o600)
}
