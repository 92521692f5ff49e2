package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// settles waits until the pair is as it should be: the master serves and is well,
// the standby stands by, and each hears the other.
func (l *lan) settles() time.Duration {
	l.Helper()
	return l.within(20*time.Second, "the pair is well", l.settled)
}

func (l *lan) settled() bool {
	l.Helper()
	m, s := l.master.stands(), l.standby.stands()
	return m.Serve && m.Serving && m.Reported && !m.Busy && m.Doing == "" &&
		!s.Serve && !s.Serving && s.Reported && !s.Busy && s.Doing == "" && s.Peer == failover.PeerHealthy && s.Trouble == failover.NoTrouble && l.standby.replicated()
}

// replicated tells whether the standby knows that it was replicated to.
func (n *lanNode) replicated() bool {
	n.t.Helper()
	return strings.Contains(n.get("var/lib/hotpair/failover.json"), `"replicated"`)
}

// serves tells whether the standby's telephony was started, and answers.
func (l *lan) serves() bool {
	l.Helper()
	s := l.standby.stands()
	return s.Serve && s.Serving && !s.Busy && s.Doing == "" && s.Failure == ""
}

// happening is one thing that befalls a pair, and what must come of it.
type happening struct {
	name    string
	options lanOptions
	strike  func(*lan)
	mend    func(*lan)
	// sees is what the standby takes the master for, "" where it notices nothing.
	sees failover.PeerState
	// after is how long it takes over after; 0: it must not, for as long as lasts.
	after, lasts time.Duration
	// untold is set where the master cannot be asked to stand down, or need not.
	untold bool
}

// finding is what a happening came to, a row of the table.
type finding struct {
	name            string
	noticed, served time.Duration
	calls, reason   string
}

// befalls has it happen to a pair of its own.
func (h happening) befalls(t *testing.T) finding {
	l := newLAN(t, h.options)
	f := finding{name: h.name}
	began := time.Now()
	h.strike(l)
	if h.sees != "" {
		l.within(notice+look, "it is noticed", func() bool { return l.standby.stands().Peer == h.sees })
		f.noticed = time.Since(began)
	}
	f.reason = l.standby.stands().Reason
	master, back := "stop", "stop start"
	if h.untold {
		master, back = "", ""
	}
	if h.after == 0 {
		l.stays(h.lasts-time.Since(began), "nobody is told anything", func() bool { return l.called("", "") })
		f.reason = l.standby.stands().Reason
		h.mend(l)
		l.settles()
		back = ""
	} else {
		l.within(h.after+l.pace.starts, "the standby serves", l.serves)
		f.served, f.reason = time.Since(began), l.standby.stands().Reason
		if !l.called("start", master) {
			t.Errorf("%s", l.calls())
		}
		h.mend(l)
		l.within(notice+l.pace.after+l.pace.drain+l.pace.degraded, "the place is given back", l.settled)
	}
	want := map[bool]string{false: "", true: "start stop"}[h.after > 0]
	l.stays(l.pace.quiet, "it is quiet again", func() bool { return l.called(want, back) && l.settled() })
	f.calls = l.calls()
	return f
}

func TestFailover(t *testing.T) {
	t.Parallel()
	table := &findings{t: t}
	table.all(happenings(paceOfTests()))
	t.Logf("what came of it:\n%s", table)
}

// findings are the table of the README.
type findings struct {
	t    *testing.T
	mu   sync.Mutex
	rows map[string]finding
	list []happening
}

// atOnce is how many pairs are tried side by side: they mostly wait.
const atOnce = 6

func (f *findings) all(list []happening) {
	f.list, f.rows = list, map[string]finding{}
	places := make(chan struct{}, atOnce)
	var group sync.WaitGroup
	for _, h := range list {
		group.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			f.t.Run(h.name, func(t *testing.T) {
				row := h.befalls(t)
				f.mu.Lock()
				defer f.mu.Unlock()
				f.rows[h.name] = row
			})
		})
	}
	group.Wait()
}

func (f *findings) String() string {
	var text strings.Builder
	shown := func(d time.Duration) string {
		if d == 0 {
			return "–"
		}
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	for _, h := range f.list {
		row := f.rows[h.name]
		fmt.Fprintf(&text, "| %s | %s | %s | %s |\n    %s\n", h.name, shown(row.noticed), shown(row.served), row.calls, row.reason)
	}
	return text.String()
}
