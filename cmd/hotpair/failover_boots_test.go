package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

// restartedBefore restarts the standby's daemon while the master is silent, and
// has not been for long enough.
func restartedBefore(l *lan, f *finding) {
	began := time.Now()
	l.master.powerOff()
	time.Sleep(l.pace.unreachable / 2)
	l.standby.ends(syscall.SIGKILL)
	l.standby.watch()
	f.takesOver(l, began, l.pace.dead()+l.pace.unreachable/2)
	l.called("start", "")
	l.master.powerOn()
	l.givesBack()
	l.quiet("start stop", "")
}

// restartedWithin restarts it while the services are started. The script that
// runs ends by itself; the next daemon begins it again only where it cannot know
// how it ended.
func restartedWithin(signal os.Signal) func(*lan, *finding) {
	return func(l *lan, f *finding) {
		began := time.Now()
		l.master.powerOff()
		l.within(l.pace.dead(), "it takes over", func() bool { return l.standby.managed() == "start" })
		l.standby.ends(signal)
		l.standby.watch()
		f.takesOver(l, began, l.pace.dead()+2*l.pace.starts)
		started := l.standby.managed()
		if started != "start" && (signal == syscall.SIGTERM || started != "start start") {
			l.Errorf("%s", started)
		}
		l.master.powerOn()
		l.givesBack()
		l.quiet(started+" stop", "")
	}
}

// bothBoot has the power of both come back, at one node later than at the other.
func bothBoot(order func(*lan) []*lanNode) func(*lan, *finding) {
	return func(l *lan, f *finding) {
		l.goesDark()
		nodes := order(l)
		nodes[0].powerOn()
		l.stays(l.pace.dead()+5*look, "nothing happens", func() bool { return l.told("", "") })
		f.reason = l.standby.stands().Reason
		nodes[1].powerOn()
		l.settles()
		l.quiet("", "")
		if strings.Contains(l.standby.log.String(), "this node serves") {
			l.Error("the standby served")
		}
	}
}

// goesDark cuts the power of both nodes. The standby will boot at this moment.
func (l *lan) goesDark() {
	l.Helper()
	l.master.powerOff()
	l.standby.powerOff()
	time.Sleep(2 * time.Second) // a boot is known to the second
	l.standby.put("stat", fmt.Sprintf("btime %d\n", time.Now().Unix()))
	l.standby.prelude += "mount --bind $D/stat /proc/stat; "
}

// bootsAlone is a standby whose master does not come back.
func bootsAlone(l *lan, f *finding) {
	l.goesDark()
	began := time.Now()
	l.standby.powerOn()
	const boot = 3 * time.Minute
	l.stays(boot-2*look, "nothing happens", func() bool { return l.told("", "") })
	f.takesOver(l, began, boot)
	l.master.powerOn()
	l.givesBack()
	l.quiet("start stop", "")
}
