package main

import (
	"os"
	"regexp"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// asUnit starts a daemon with the timer slack that the unit of the package has,
// which a process takes over from the thread that starts it (prctl(2)).
func asUnit(b *testing.B, start func()) {
	b.Helper()
	unit, err := os.ReadFile("../../examples/hotpair.service")
	if err != nil {
		b.Fatal(err)
	}
	said := regexp.MustCompile(`(?m)^TimerSlackNSec=(.+)$`).FindSubmatch(unit)
	if said == nil {
		b.Fatal("the unit says no timer slack")
	}
	slack, err := time.ParseDuration(string(said[1]))
	if err != nil {
		b.Fatal(err)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	setTimerSlack(b, slack)
	defer setTimerSlack(b, 0)
	start()
}

// setTimerSlack sets that of the calling thread; 0: the usual one.
func setTimerSlack(b *testing.B, slack time.Duration) {
	b.Helper()
	const setTimerSlack = 29 // PR_SET_TIMERSLACK, which package syscall does not name
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, setTimerSlack, uintptr(slack), 0); errno != 0 {
		b.Fatal(errno)
	}
}
