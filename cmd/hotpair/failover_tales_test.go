package main

import (
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// tales are what befalls pairs in several steps.
func tales(p pace) []happening {
	list := []happening{
		{name: "the gateway answers no ping; power off", options: lanOptions{deafGateway: true},
			strike: func(l *lan) { l.master.powerOff() }, mend: func(l *lan) { l.master.powerOn() }, after: p.degraded + look},
		{name: "power off; back empty", tale: cameBackEmpty},
		{name: "power off; back slowly", tale: cameBackSlowly},
		{name: "power off; back half up (SIP says 503)", tale: cameBackHalfUp},
		{name: "power off; hotpair restarted before the takeover", tale: restartedBefore},
		{name: "power off; hotpair restarted in the takeover", tale: restartedWithin(syscall.SIGTERM)},
		{name: "power off; hotpair killed in the takeover", tale: restartedWithin(syscall.SIGKILL)},
		{name: "power off again and again", options: lanOptions{standbyHCL: "failover {\n  failback {\n    takeovers = 1\n  }\n}\n"}, tale: fails},
		{name: "both boot, the standby first", tale: bothBoot(func(l *lan) []*lanNode { return []*lanNode{l.standby, l.master} })},
		{name: "both boot, the master first", tale: bothBoot(func(l *lan) []*lanNode { return []*lanNode{l.master, l.standby} })},
		{name: fmt.Sprintf("the standby frozen for %s", p.frozen), tale: frozen},
		{name: fmt.Sprintf("the standby frozen for %s; power off meanwhile", p.frozen), tale: frozenAndAlone},
		{name: "all else broken; power off", options: crowded(), tale: allElseBroken},
	}
	if tortured() {
		list = append(list, happening{name: "both boot, the master never", tale: bootsAlone})
	}
	return list
}

// loses cuts the master's power, and waits until the standby serves.
func (l *lan) loses(f *finding) {
	l.Helper()
	began := time.Now()
	l.master.powerOff()
	f.notices(l, began)
	f.takesOver(l, began, l.pace.dead())
}

// holds insists that the standby serves on.
func (l *lan) holds(d time.Duration) {
	l.Helper()
	l.stays(d, "the standby serves on", func() bool { return l.told("start", "") && l.serves() })
}

// cameBackEmpty is a master whose disk was replaced: its SIP server answers, and
// nothing is known there. An operator gives it back its place.
func cameBackEmpty(l *lan, f *finding) {
	l.loses(f)
	for _, dir := range []string{"etc/hotpair", "etc/xivo", "var/lib/hotpair", "root/.ssh"} {
		l.must(os.RemoveAll(l.master.dir + "/" + dir))
	}
	l.master.plugIn(0)
	l.master.telephony.start()
	l.within(notice+l.pace.after, "it is told", func() bool { return l.standby.stands().Trouble == failover.Waiting })
	f.reason = l.standby.stands().Reason
	l.holds(l.pace.after + l.pace.drain + 2*look)
	l.standby.run("failback", "--auto-approve")
	l.called("start stop", "")
	l.stays(l.pace.quiet, "it is quiet", func() bool { return l.told("start stop", "") })
}

// cameBackSlowly is a master whose host is up long before its hotpair, and that
// before its telephony.
func cameBackSlowly(l *lan, f *finding) {
	l.loses(f)
	l.master.plugIn(0)
	l.holds(notice)
	l.master.watch()
	l.holds(l.pace.degraded)
	f.reason = l.standby.stands().Reason
	l.master.telephony.start()
	l.givesBack()
	l.quiet("start stop", "")
}

func cameBackHalfUp(l *lan, f *finding) {
	l.loses(f)
	l.master.plugIn(503)
	l.master.telephony.start()
	l.master.watch()
	l.holds(l.pace.degraded)
	f.reason = l.standby.stands().Reason
	l.master.telephony.kill()
	l.master.telephony.on(0)
	l.master.telephony.start()
	l.givesBack()
	l.quiet("start stop", "")
}

// fails is a master that fails more often than it may.
func fails(l *lan, f *finding) {
	l.loses(f)
	l.master.powerOn()
	l.givesBack()
	l.master.powerOff()
	l.within(l.pace.dead()+l.pace.starts, "the standby serves again", l.serves)
	l.master.powerOn()
	l.within(notice+l.pace.after, "it is told", func() bool { return l.standby.stands().Trouble == failover.Waiting })
	f.reason = l.standby.stands().Reason
	l.stays(l.pace.after+l.pace.degraded, "it serves on", func() bool { return l.told("start stop start", "") && l.serves() })
	l.standby.run("failback", "--auto-approve")
	l.settles()
	l.quiet("start stop start stop", "")
}
