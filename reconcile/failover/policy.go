package failover

import "time"

// Policy is what the administrator wants. All times are positive.
type Policy struct {
	Master bool // this node is the pair's master

	Manual      bool          // the standby takes over by hand only
	Unreachable time.Duration // without any answer from the master; then it is dead
	Degraded    time.Duration // with a host that answers and telephony that does not
	HoldUntold  bool          // leave a degraded master alone that cannot be asked to stand down
	Answering   time.Duration // how long a peer that was asked for something may take
	Booting     time.Duration // after this node's start, in which its master may be starting, too
	Fresh       time.Duration // answers that are older do not count; nor does what was before a pause that was longer
	Reports     time.Duration // reports that are older do not count

	Failback Failback
}

// Failback is when the standby ceases to serve.
type Failback struct {
	Manual    bool
	After     time.Duration // the master must have been well for
	Drain     time.Duration // calls and registrations may take to end
	Within    Window
	Takeovers int // within an hour; after more the master is flapping, and it goes back by hand only
}

// A Window is a part of each day, by local time, as the time from midnight. One
// that ends before it begins goes over midnight; the empty one is the whole day.
type Window struct{ From, To time.Duration }

// Open tells whether a moment is in the window.
func (w Window) Open(now time.Time) bool {
	h, m, s := now.Clock()
	at := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second
	switch {
	case w.From == w.To:
		return true
	case w.From < w.To:
		return w.From <= at && at < w.To
	}
	return at >= w.From || at < w.To
}
