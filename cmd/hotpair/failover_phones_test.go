package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// phone registers at the pair's master, or at its standby, whenever its
// registration ends: as late as a phone may. It is sipp's to speak SIP.
type phone struct {
	name string
	lan  *lan

	mu   sync.Mutex
	good []time.Time // when it was registered, oldest first
}

// call has so many phones register, at moments of their own.
func (l *lan) call(phones int) {
	l.Helper()
	if phones == 0 {
		return
	}
	needs(l, "sipp")
	l.budget = l.planned()
	ctx, cancel := context.WithCancel(l.Context())
	var group sync.WaitGroup
	l.Cleanup(func() {
		cancel()
		group.Wait()
	})
	for i := range phones {
		p := &phone{name: fmt.Sprint("phone", i), lan: l}
		l.phones = append(l.phones, p)
		group.Go(func() { p.lives(ctx, time.Duration(i)*l.pace.expiry/time.Duration(phones)) })
	}
	l.within(l.pace.expiry, "all phones are registered", func() bool {
		for _, p := range l.phones {
			if p.since(time.Time{}).IsZero() {
				return false
			}
		}
		return true
	})
}

// lives registers until the context ends. A phone tries its main server first
// each time.
func (p *phone) lives(ctx context.Context, first time.Duration) {
	pace := p.lan.pace
	for rest := first; sleeps(ctx, rest); {
		rest = pace.retry
		for _, server := range []netip.AddrPort{p.lan.master.sip(), p.lan.standby.sip()} {
			if p.registers(ctx, server) {
				rest = pace.expiry
				break
			}
		}
	}
}

// registers sends one REGISTER, again and again until Timer F, and tells whether
// it was answered 200.
func (p *phone) registers(ctx context.Context, server netip.AddrPort) bool {
	pace := p.lan.pace
	scenario, err := filepath.Abs("../../testdata/sipp/register.xml")
	if err != nil {
		return false
	}
	from := p.lan.floor.V4.String()
	node := p.lan.floor.Command("sipp", server.String(), "-sf", scenario, "-s", p.name, "-i", from, "-key", "expiry", fmt.Sprint(int(pace.expiry.Seconds())),
		"-m", "1", "-recv_timeout", fmt.Sprint(pace.timerF.Milliseconds()), "-default_behaviors", "none", "-nostdin")
	cmd := exec.CommandContext(ctx, node.Path, node.Args[1:]...)
	if cmd.Run() != nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.good = append(p.good, time.Now())
	return true
}

// since is when it was first registered after a moment; zero: it was not yet.
func (p *phone) since(moment time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, at := range p.good {
		if at.After(moment) {
			return at
		}
	}
	return time.Time{}
}

// outage waits until every phone is registered again after its server died, and
// is the longest that one was not: from the death to the end of its first
// REGISTER that was answered, by whichever node.
func (l *lan) outage(died time.Time, worst time.Duration) time.Duration {
	l.Helper()
	if len(l.phones) == 0 {
		return 0
	}
	var longest time.Duration
	for _, p := range l.phones {
		l.within(worst, p.name+" is registered again", func() bool { return !p.since(died).IsZero() })
		longest = max(longest, p.since(died).Sub(died))
	}
	if longest > worst {
		l.Errorf("a phone was without a server for %s, more than %s", longest, worst)
	}
	if longest > l.budget {
		l.Errorf("a phone was without a server for %s, and plan says %s at most", longest, l.budget)
	}
	return longest
}

// planned is the longest outage that `hotpair plan` tells of.
func (l *lan) planned() time.Duration {
	l.Helper()
	for line := range strings.Lines(l.master.run("plan", "--json")) {
		var said struct{ Outage struct{ Longest float64 } }
		l.must(json.Unmarshal([]byte(line), &said))
		if longest := said.Outage.Longest; longest > 0 {
			return time.Duration(longest * float64(time.Second))
		}
	}
	l.Fatal("plan tells of no outage")
	return 0
}

func sleeps(ctx context.Context, d time.Duration) bool { return wait(ctx, d) == nil }
