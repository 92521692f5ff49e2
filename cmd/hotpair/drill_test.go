package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/kamailio"
)

func TestADrillTakesOverAndGivesBackWithAStopwatch(t *testing.T) {
	t.Parallel()
	s := stage(t, kamailio.Auth{})
	r := s.standby.expect(exitOK, quickly()...)
	t.Log(r.out)
	s.contains(r.out, "3 phones are registered at the master.", "An operator asked for the failover", "All phones are registered at this standby. It serves for 2s.", "stands by",
		"Failover: at least ", "Failback: at least ", "Every phone was without a server for at most ", "of the promised 5 min (objective.max_outage).", "By the formula, for real phones: ")
	s.home()
	s.standby.recordedOnce("drill: drill began")
	s.standby.recordedOnce("drill: drill ended")
	if got := strings.Count(s.standby.get(manageLog), "xivo-manage-slave-services"); got != 2 {
		t.Errorf("%s", s.standby.get(manageLog))
	}
}

func TestADrillOfPhonesWithAPasswordIsReportedToPrograms(t *testing.T) {
	t.Parallel()
	s := stage(t, kamailio.Auth{User: "drill", Password: planted})
	s.standby.put("root/drill.pw", planted+"\nthe rest\n")
	s.contains(s.standby.hotpair(quickly("--user", "drill", "--password-file", "/root/drill.pw")...).err, "chmod 600 /root/drill.pw")
	s.contains(s.standby.hotpair(quickly()...).err, "the master refuses the registration: it asks for a password", nothingChanged)
	s.must(syscall.Chmod(s.standby.dir+"/root/drill.pw", 0o600))
	s.standby.put("etc/hotpair/ha.d/objective.hcl", "objective {\n  max_outage = \"1s\"\n}\n")
	hour := func(n int) string { return time.Now().Add(time.Duration(n) * time.Hour).Format("15:04") }
	s.standby.put("etc/hotpair/ha.d/window.hcl", fmt.Sprintf("failover {\n  failback {\n    window = \"%s-%s\"\n  }\n}\n", hour(2), hour(3)))
	s.contains(s.standby.hotpair(quickly()...).err, "failover.failback.window is not open now", "--now")
	r := s.standby.expect(exitDifferent, quickly("--user", "drill", "--password-file", "/root/drill.pw", "--json", "--now")...)
	if strings.Contains(r.out+r.err+s.guard.log.String(), planted) {
		t.Error("the password is told")
	}
	var phones, sums int
	for line := range strings.Lines(r.out) {
		var v struct {
			Type  string
			Phone struct{ Failover float64 }
			Drill struct {
				Within   bool
				Failover struct{ Longest float64 }
			}
		}
		s.must(json.Unmarshal([]byte(line), &v))
		switch v.Type {
		case "drill_phone":
			if phones++; v.Phone.Failover <= 0 {
				t.Error(line)
			}
		case "drill":
			if sums++; v.Drill.Within || v.Drill.Failover.Longest <= 1 {
				t.Error(line)
			}
		}
	}
	if phones != 3 || sums != 1 {
		t.Errorf("%d phones, %d sums: %s", phones, sums, r.out)
	}
	s.must(syscall.Unlink(s.standby.dir + "/etc/hotpair/ha.d/objective.hcl"))
	s.home()
}

func TestWhatAKilledDrillTookOverTheDaemonGivesBack(t *testing.T) {
	t.Parallel()
	s := stage(t, kamailio.Auth{})
	cmd, out := s.begin(quickly("--limit", "30s", "--hold", "5s")...)
	s.soon("the phones are at the standby", func() bool { return strings.Contains(out.String(), "All phones are registered at this standby") })
	s.contains(s.standby.hotpair(quickly()...).err, "not ready for a takeover", "This node serves since") // a second one
	s.must(cmd.Process.Kill())
	s.contains(s.standby.expect(exitDifferent, "drill", "--probe-only").out, "An operator asked for the failover until ", "`hotpair failback`")
	s.home()
}

func TestAnInterruptedDrillGivesBackFirst(t *testing.T) {
	t.Parallel()
	s := stage(t, kamailio.Auth{})
	cmd, out := s.begin(quickly("--hold", "10m")...)
	s.soon("the phones are at the standby", func() bool { return strings.Contains(out.String(), "All phones are registered at this standby") })
	s.must(cmd.Process.Signal(syscall.SIGTERM))
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit %d", code)
	}
	s.contains(out.String(), "It went wrong: interrupted. The place is given back.", "Error: interrupted. The master has its place again since ")
	s.home()
}

func TestADrillWhoseStartFailsIsToldAndGivenBack(t *testing.T) {
	t.Parallel()
	s := stage(t, kamailio.Auth{})
	s.standby.put(stub, "if [ \"$1\" = start ]; then echo no room >&2; exit 1; fi\n")
	r := s.standby.expect(exitError, quickly()...)
	s.contains(r.err, "no room (tried 3 times)", "The master has its place again since")
	s.home()
}

func TestPhonesThatDoNotComeAreNotWaitedForForever(t *testing.T) {
	t.Parallel()
	s := stage(t, kamailio.Auth{})
	s.standby.put(stub, "") // it starts nothing
	began := time.Now()
	r := s.standby.expect(exitError, quickly("--limit", "10s")...)
	if took := time.Since(began); took > 100*time.Second { // a start is waited for for 2 minutes
		t.Errorf("it took %s", took)
	}
	s.contains(r.out, "It went wrong: 0 of 3 phones registered at the standby within 10s. The place is given back.")
	s.contains(r.err, "The master has its place again since")
	s.home()
}

func TestADrillOutlivesARestartOfTheDaemon(t *testing.T) {
	t.Parallel()
	s := stage(t, kamailio.Auth{})
	_, out := s.begin(quickly("--hold", "10m")...)
	s.soon("the phones are at the standby", func() bool { return strings.Contains(out.String(), "All phones are registered at this standby") })
	s.must(s.guard.cmd.Process.Kill())
	_ = s.guard.cmd.Wait()
	s.soon("it is told", func() bool { return strings.Contains(out.String(), "It went wrong: `hotpair watch` ended meanwhile") })
	s.guard.watch()
	s.soon("the drill ends", func() bool { return strings.Contains(out.String(), "The master has its place again since") })
	s.home()
}
