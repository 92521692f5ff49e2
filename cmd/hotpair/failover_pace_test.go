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
	expiry                time.Duration // of a phone's registration
	timerF, retry         time.Duration // until a phone gives a server up; tries both again
}

// tortured tells whether everything takes as long as on a real pair.
func tortured() bool { return os.Getenv("HOTPAIR_TORTURE") != "" }

func paceOfTests() pace {
	if tortured() {
		return realPace()
	}
	return quickPace()
}

func realPace() pace {
	return pace{interval: 30 * time.Second, unreachable: 10 * time.Second, degraded: 90 * time.Second, after: 2 * time.Minute, drain: 10 * time.Second,
		starts: 45 * time.Second, restart: 45 * time.Second, loss: 5 * time.Minute, frozen: 10 * time.Minute, quiet: time.Minute,
		expiry: 4 * time.Minute, timerF: 32 * time.Second, retry: 30 * time.Second}
}

func quickPace() pace {
	return pace{interval: 10 * time.Second, unreachable: 6 * time.Second, degraded: 16 * time.Second, after: 4 * time.Second, drain: time.Second,
		starts: 2 * time.Second, restart: 8 * time.Second, loss: time.Minute, frozen: 20 * time.Second, quiet: 4 * time.Second,
		expiry: 10 * time.Second, timerF: 3 * time.Second, retry: 2 * time.Second}
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

sip_expiry {
  min     = "%[6]s"
  max     = "%[6]s"
  default = "%[6]s"
}

profile "sip" {
  retry = "%[7]s"
}
`, p.unreachable, p.degraded, p.after, p.drain, p.interval, p.expiry, p.retry)
}

// notice is the longest that the probes of ha.hcl's own pace need to say that
// nothing of a peer answers: two silences of SIP, three seconds apart, the
// second of two seconds; one of them may just have begun.
const notice = 2*3*time.Second + 2*time.Second

// look is how often the daemon decides.
const look = time.Second

// dead is the longest until a master is replaced of which nothing answers.
func (p pace) dead() time.Duration { return max(p.unreachable, notice) + look }

// deaf is the longest until a master is replaced whose telephony is dead and whose
// hotpair stands down: it is asked to by the next report, stops its services, and
// says so by another one.
func (p pace) deaf() time.Duration { return max(p.degraded, notice+5*time.Second) + 8*look }

// worstOutage is the longest that a phone may be without a server: its master dies
// just after it registered, which it notices after its expiry and Timer F; then
// the standby serves, or it does once it has noticed and its services have
// started, and the phone tries again after a pause and one more Timer F for each
// of the two servers.
func (p pace) worstOutage(detection time.Duration) time.Duration {
	return max(p.expiry+p.timerF, detection+p.starts) + p.retry + 2*p.timerF
}
