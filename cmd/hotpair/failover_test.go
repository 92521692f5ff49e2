package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
	text, err := os.ReadFile(filepath.Join("/proc", fmt.Sprint(n.daemon.Process.Pid), "root", n.dir, "var/lib/hotpair/failover.json")) // it may have mounted something there
	return err == nil && strings.Contains(string(text), `"replicated"`)
}

// serves tells whether the standby's telephony was started, and answers.
func (l *lan) serves() bool {
	l.Helper()
	s := l.standby.stands()
	return s.Serve && s.Serving && !s.Busy && s.Doing == "" && s.Failure == ""
}

// happening is one thing that befalls a pair, and what must come of it.
type happening struct {
	name         string
	options      lanOptions
	strike, mend func(*lan)
	// sees is what the standby takes the master for at the end, where it notices
	// something and does not take over.
	sees failover.PeerState
	// after is when it takes over at the latest; 0: it must not, for as long as lasts.
	after, lasts time.Duration
	// asked is set where the master is asked to stand down, and does.
	asked bool
	// tale is what else happens, instead of all that.
	tale func(*lan, *finding)
}

// finding is what a happening came to, a row of the table.
type finding struct {
	name                    string
	noticed, served, outage time.Duration
	standby, master, reason string // calls of the platform's script
}

// befalls has it happen to a pair of its own.
func (h happening) befalls(t *testing.T) finding {
	l := newLAN(t, h.options)
	f := finding{name: h.name}
	switch {
	case h.tale != nil:
		h.tale(l, &f)
	case h.after > 0:
		h.ends(l, &f)
	default:
		h.passes(l, &f)
	}
	f.standby, f.master = l.standby.managed(), l.master.managed()
	return f
}

// ends is the end of a master: the standby serves, and gives back the place.
func (h happening) ends(l *lan, f *finding) {
	began := time.Now()
	h.strike(l)
	f.notices(l, began)
	f.takesOver(l, began, h.after)
	master, back := "", ""
	if h.asked {
		master, back = "stop", "stop start"
	}
	l.called("start", master)
	f.outage = l.outage(began, l.pace.worstOutage(h.after))
	h.mend(l)
	l.givesBack()
	l.quiet("start stop", back)
}

// passes is what must pass without a takeover.
func (h happening) passes(l *lan, f *finding) {
	began := time.Now()
	if h.strike(l); h.sees != "" {
		f.notices(l, began)
	}
	l.stays(h.lasts-time.Since(began), "nobody is told anything", func() bool { return l.told("", "") })
	s := l.standby.stands()
	if f.reason = s.Reason; h.sees != "" && s.Peer != h.sees {
		l.Errorf("the master is %s, wanted %s", s.Peer, h.sees)
	}
	h.mend(l)
	l.settles()
	l.quiet("", "")
}

// notices waits until the standby sees that something is wrong.
func (f *finding) notices(l *lan, began time.Time) {
	l.Helper()
	l.within(notice+look, "it is noticed", func() bool { return l.standby.stands().Peer != failover.PeerHealthy })
	f.noticed = time.Since(began)
}

// takesOver waits until the standby serves.
func (f *finding) takesOver(l *lan, began time.Time, after time.Duration) {
	l.Helper()
	l.within(after+l.pace.starts, "the standby serves", l.serves)
	f.served, f.reason = time.Since(began), l.standby.stands().Reason
}

func (l *lan) givesBack() {
	l.Helper()
	l.within(notice+l.pace.after+l.pace.drain+l.pace.degraded, "the place is given back", l.settled)
}

// quiet insists that nothing happens any more, after those calls.
func (l *lan) quiet(standby, master string) {
	l.Helper()
	l.called(standby, master)
	l.stays(l.pace.quiet, "it is quiet again", func() bool { return l.told(standby, master) && l.settled() })
}
