package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

func TestWhatMakesNoSenseIsRefused(t *testing.T) {
	to := netip.MustParseAddrPort("10.0.0.2:5060")
	ok := Probe{"sip", failover.SIP, SIPPace(), SIPUDP{Target{To: to}}}
	for want, change := range map[string]func(p *Probe){
		"no name":              func(p *Probe) { p.Name = "" },
		"asks nobody":          func(p *Probe) { p.Asker = nil },
		"at least 100ms":       func(p *Probe) { p.Interval = 0 },
		"fall and rise":        func(p *Probe) { p.Fall = 0 },
		"a port":               func(p *Probe) { p.Asker = TCP{Target{To: netip.AddrPortFrom(to.Addr(), 0)}} },
		"of one host":          func(p *Probe) { p.Asker = Ping{To: netip.MustParseAddr("224.0.0.1")} },
		"IPv6":                 func(p *Probe) { p.Asker = &SIPTCP{Target: Target{To: to, From: netip.MustParseAddr("::1")}} },
		"its URL is not one":   func(p *Probe) { p.Asker = HTTP{URL: "10.0.0.2"} },
		"begin with http://":   func(p *Probe) { p.Asker = HTTP{URL: "ftp://10.0.0.2/"} },
		"sends no credentials": func(p *Probe) { p.Asker = HTTP{URL: "http://root:secret@10.0.0.2/"} },
	} {
		p := ok
		change(&p)
		if _, err := New([]Probe{p}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", want, err)
		}
	}
	if _, err := New([]Probe{ok, ok}); err == nil || !strings.Contains(err.Error(), `"sip": there are two`) {
		t.Error(err)
	}
	if _, err := New([]Probe{ok}); err != nil {
		t.Error(err)
	}
}

func TestAnErrorIsSaidInPlainWords(t *testing.T) {
	for want, err := range map[string]error{
		"":                       nil,
		"no answer within 1.5 s": context.DeadlineExceeded,
		"it refuses: nothing listens at this port": syscall.ECONNREFUSED,
		"bell\uFFFD":             errors.New("bell\a"),
		strings.Repeat("x", 200): errors.New(strings.Repeat("x", 1000)),
	} {
		if got := Explain(err, 1500*time.Millisecond); got != want {
			t.Errorf("%v: %q", err, got)
		}
	}
}

func TestAnErrorOfThisNodeSaysNothingOfTheTarget(t *testing.T) {
	for _, err := range []error{syscall.EMFILE, syscall.EPERM, syscall.EADDRNOTAVAIL, &net.DNSError{}, fmt.Errorf("%w: why", ErrNotAsked)} {
		if !notAsked(err) {
			t.Errorf("%v counts as a silence", err)
		}
	}
	for _, err := range []error{syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.ENETDOWN, context.DeadlineExceeded} {
		if notAsked(err) {
			t.Errorf("%v counts as not asked", err)
		}
	}
}
