package main

import (
	"fmt"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/netns"
	"github.com/hotpair/hotpair/reconcile/failover"
)

// happenings are what befalls pairs.
func happenings(p pace) []happening {
	dead, deaf, phones := p.dead(), p.deaf(), lanOptions{phones: 8}
	lose := func(loss netns.Loss) func(*lan) {
		return func(l *lan) { l.must(l.master.net.Lose(loss)) }
	}
	heal := lose(netns.Loss{})
	return []happening{
		{name: "power off", options: phones, strike: func(l *lan) { l.master.powerOff() }, mend: func(l *lan) { l.master.powerOn() },
			after: dead},
		{name: "SIP server killed", options: phones, strike: func(l *lan) { l.master.telephony.kill() }, mend: nothing,
			after: deaf, asked: true},
		{name: "SIP server frozen", options: phones, strike: func(l *lan) { l.master.telephony.freeze() }, mend: nothing,
			after: deaf, asked: true},
		{name: fmt.Sprintf("services restarted, %s", p.restart), strike: restart, mend: nothing, sees: failover.PeerHealthy, lasts: p.degraded + p.restart},
		{name: "everything to the master dropped", strike: lose(netns.Loss{In: 100}), mend: heal, after: dead},
		{name: "everything from the master dropped", strike: lose(netns.Loss{Out: 100}), mend: heal, after: dead},
		{name: "everything dropped both ways", options: phones, strike: lose(netns.Loss{In: 100, Out: 100}), mend: heal, after: dead},
		{name: "the standby's UDP SIP dropped", strike: barred("udp dport 5060"), mend: barred(""), lasts: 2 * p.degraded},
		{name: "the standby banned from SIP", strike: barred("meta l4proto { tcp, udp } th dport 5060"), mend: barred(""), lasts: 2 * p.degraded},
		{name: "30 % of the packets lost, each way", strike: lose(netns.Loss{In: 30, Out: 30}), mend: heal, lasts: p.loss},
		{name: "the standby's cable out", strike: func(l *lan) { l.must(l.standby.net.Unplug()) }, mend: func(l *lan) { l.must(l.standby.net.Plug()) },
			sees: failover.PeerUnreachable, lasts: 2 * p.degraded},
		{name: "the standby's switch dead", strike: func(l *lan) { l.must(l.standby.net.Lose(netns.Loss{In: 100, Out: 100})) }, mend: func(l *lan) { l.must(l.standby.net.Lose(netns.Loss{})) },
			sees: failover.PeerUnreachable, lasts: 2 * p.degraded},
		{name: "the master's link flaps", strike: flap, mend: nothing, lasts: time.Second},
	}
}

func nothing(*lan) {}

// restart restarts the master's services, as `wazo-service restart` does.
func restart(l *lan) {
	l.master.telephony.kill()
	time.AfterFunc(l.pace.restart, l.master.telephony.start)
}

// barred has the master drop what the standby sends of a kind.
func barred(kind string) func(*lan) {
	return func(l *lan) {
		if kind != "" {
			kind = fmt.Sprintf("ip saddr %s %s", l.standby.net.V4, kind)
		}
		l.must(l.master.net.Bar(kind, ""))
	}
}

// flap takes the master's cable out for 3 s of each 6 s.
func flap(l *lan) {
	for range 8 {
		l.must(l.master.net.Unplug())
		time.Sleep(3 * time.Second)
		l.must(l.master.net.Plug())
		time.Sleep(3 * time.Second)
	}
}
