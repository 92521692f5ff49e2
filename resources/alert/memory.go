package alert

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/hotpair/hotpair/reconcile/alert"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/status"
)

const (
	// memoryPath is what receivers were told.
	memoryPath = "/var/lib/hotpair/alerts.json"
	// lockPath is held by whoever tells them.
	lockPath = "/run/hotpair/alerts.lock"
)

// kept is what is known of one receiver.
type kept struct {
	Way     string       `json:"way"` // one that is told in another way is another one
	Known   alert.Memory `json:"known"`
	Failure string       `json:"failure,omitempty"`
	Failing time.Time    `json:"failing,omitzero"`
}

// recall reads what is known of receivers, by their names.
func recall(h *host.Host) (map[string]kept, error) {
	all := map[string]kept{}
	text, err := h.Read(memoryPath)
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	switch {
	case err == nil && all == nil:
		return map[string]kept{}, nil
	case err != nil:
		return map[string]kept{}, fmt.Errorf("reading who was told what, %s: %w: `hotpair watch` writes it anew", memoryPath, err)
	}
	return all, nil
}

// Standings tells how the receivers stand that are known of.
func Standings(h *host.Host) ([]status.Receiver, error) {
	all, err := recall(h)
	var list []status.Receiver
	for _, name := range slices.Sorted(maps.Keys(all)) {
		k := all[name]
		r := status.Receiver{Name: name, Way: k.Way, Told: []string{}, Failure: k.Failure, Failing: k.Failing}
		for _, key := range slices.Sorted(maps.Keys(k.Known)) {
			if !k.Known[key].Told.IsZero() {
				r.Told = append(r.Told, key)
			}
		}
		list = append(list, r)
	}
	return list, err
}
