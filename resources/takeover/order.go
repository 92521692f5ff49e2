package takeover

import (
	"errors"
	"io/fs"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/host"
)

// An Order is what an operator wants of the daemon.
type Order struct {
	Order failover.Order `json:"order,omitempty"`
	Pause *time.Time     `json:"pause,omitempty"` // until when nothing is done; in the past: it is over
	// Until has the daemon give back by itself what was taken over by this order;
	// nil: it does not.
	Until *time.Time `json:"until,omitempty"`
	At    time.Time  `json:"at"`
}

// orderHolds is how long an order waits for a daemon: one that was not taken is
// no surprise for the next day.
const orderHolds = time.Minute

// Give leaves an order for the daemon.
func Give(h *host.Host, o Order) error {
	o.At = time.Now().UTC()
	return h.Store(orderPath, o, 0o600)
}

// Taken tells whether the daemon has taken the last order.
func Taken(h *host.Host) (bool, error) {
	there, err := h.Exists(orderPath)
	return !there, err
}

// take gives the order that waits, and takes it away.
func take(h *host.Host, now time.Time) (o Order, err error) {
	if there, err := h.Exists(orderPath); err != nil || !there {
		return Order{}, err
	}
	known := get(h, orderPath, &o)
	if err := h.Remove(orderPath); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Order{}, err
	}
	if age := now.Sub(o.At); !known || age < -orderHolds || age > orderHolds {
		return Order{}, nil
	}
	return o, nil
}

// obeyed is a memory with an order in it.
func obeyed(m failover.Memory, o Order) failover.Memory {
	if o.Order != failover.NoOrder {
		m.Order, m.Until = o.Order, time.Time{}
		if o.Until != nil {
			m.Until = *o.Until
		}
	}
	if o.Pause != nil {
		m.Paused = *o.Pause
	}
	return m
}
