package main

import (
	"fmt"
	"os"
	"time"
)

// pace is how long things take on a pair that is tried.
type pace struct {
	interval              time.Duration // of the daemon's looks
	unreachable, degraded time.Duration // until the standby takes over
	after, drain          time.Duration // until it gives back
	starts                time.Duration // a start of the services takes
	restart               time.Duration // a restart of them takes
	loss                  time.Duration // some of the packets are lost for so long
	frozen                time.Duration // a standby stands still for so long
	quiet                 time.Duration // for which nothing must happen at the end
}

// tortured tells whether everything takes as long as on a real pair.
func tortured() bool { return os.Getenv("HOTPAIR_TORTURE") != "" }

func paceOfTests() pace {
	if tortured() {
		return pace{interval: 30 * time.Second, unreachable: 10 * time.Second, degraded: 90 * time.Second, after: 2 * time.Minute, drain: 10 * time.Second,
			starts: 10 * time.Second, restart: 45 * time.Second, loss: 5 * time.Minute, frozen: 10 * time.Minute, quiet: time.Minute}
	}
	return pace{interval: 10 * time.Second, unreachable: 6 * time.Second, degraded: 16 * time.Second, after: 4 * time.Second, drain: time.Second,
		starts: 2 * time.Second, restart: 8 * time.Second, loss: time.Minute, frozen: 20 * time.Second, quiet: 4 * time.Second}
}

func (p pace) hcl() string {
	return fmt.Sprintf(`failover {
  unreachable = "%s"
  degraded    = "%s"

  failback {
    after = "%s"
    drain = "%s"
  }
}

watch {
  interval = "%s"
}
`, p.unreachable, p.degraded, p.after, p.drain, p.interval)
}

// notice is the longest that the probes of ha.hcl's own pace need to say that
// nothing of a peer answers: two silences of SIP, three seconds apart, the
// second of two seconds; one of them may just have begun.
const notice = 2*3*time.Second + 2*time.Second

// look is how often the daemon decides.
const look = time.Second
