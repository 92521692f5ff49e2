package probe

import (
	"context"
	"net/netip"
	"sync"
	"time"
)

// A quota keeps the SIP requests to one address below 5 in any 5 seconds,
// whatever intervals are declared. Who comes too early waits, before the time
// for his answer begins. Retransmissions do not count.
type quota struct {
	mu   sync.Mutex
	sent map[netip.Addr][]time.Time // the last ones, oldest first
}

const (
	quotaMost = 4
	quotaTime = 5*time.Second + 500*time.Millisecond // some, for what waits to be sent
)

// sipAsker is an Asker whose questions count.
type sipAsker interface{ sipServer() netip.Addr }

func newQuota() *quota { return &quota{sent: map[netip.Addr][]time.Time{}} }

// take waits until an Asker may ask. It is false when the context ended.
func (q *quota) take(ctx context.Context, a Asker) bool {
	sip, ok := a.(sipAsker)
	if !ok {
		return ctx.Err() == nil
	}
	for {
		wait := q.reserve(sip.sipServer(), time.Now())
		if wait <= 0 {
			return ctx.Err() == nil
		}
		if !sleep(ctx, wait) {
			return false
		}
	}
}

// reserve enters a request, or tells how long to wait before trying again.
func (q *quota) reserve(to netip.Addr, now time.Time) time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	sent := q.sent[to]
	if len(sent) == quotaMost {
		if wait := sent[0].Add(quotaTime).Sub(now); wait > 0 {
			return wait
		}
		sent = sent[1:]
	}
	q.sent[to] = append(sent, now)
	return 0
}
