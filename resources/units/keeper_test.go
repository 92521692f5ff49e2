package units_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/units"
)

// kept is a keeper on a node with systemd.
type kept struct {
	*units.Keeper
	*boxtest.Systemd
	t   *testing.T
	log *bytes.Buffer
}

const nginx, xuc = "nginx.service", "xuc@main.service"

func keep(t *testing.T, names ...string) kept {
	t.Helper()
	dir := t.TempDir()
	h, err := host.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	return kept{&units.Keeper{Set: units.Set{Host: h, Names: names}, Log: slog.New(slog.NewTextHandler(log, nil))}, boxtest.NewSystemd(t, dir), t, log}
}

// lives has a second pass as often as told, with a call in each.
func (k kept) lives(seconds int, run, rest bool) {
	for range seconds {
		k.Keep(k.t.Context(), run, rest)
		time.Sleep(time.Second)
	}
}

func (k kept) expect(calls string) {
	k.t.Helper()
	if got := k.Calls(); got != calls {
		k.t.Errorf("called %q, want %q\n%s", got, calls, k.log)
	}
}

func TestUnitsFollowAtOnceAndAreTouchedOnlyWhereTheyDiffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := keep(t, nginx, xuc)
		k.Is(xuc, "activating")
		k.lives(2, true, false)
		k.expect("start nginx.service")
		k.lives(120, true, false)
		k.expect("start nginx.service")
		k.lives(2, false, false)
		k.expect("start nginx.service, stop nginx.service, stop xuc@main.service")
		k.Is(xuc, "failed")
		k.lives(120, false, false)
		k.expect("start nginx.service, stop nginx.service, stop xuc@main.service")
		k.End()
	})
}

func TestAUnitThatStraysIsBroughtBackAfterAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := keep(t, nginx)
		k.lives(15, true, false)
		k.Is(nginx, "inactive")
		k.lives(45, true, false)
		k.expect("start nginx.service")
		k.lives(45, true, false)
		k.expect("start nginx.service, start nginx.service")
		k.Is(nginx, "inactive")
		k.lives(3, true, false)
		k.Is(nginx, "active") // by hand, in time
		k.lives(120, true, false)
		k.expect("start nginx.service, start nginx.service")
		k.lives(2, false, false)
		k.Is(nginx, "active")
		k.lives(90, false, false)
		k.expect("start nginx.service, start nginx.service, stop nginx.service, stop nginx.service")
		k.End()
	})
}

func TestAtRestUnitsAreLeftToWhoeverWorksOnThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := keep(t, nginx)
		k.lives(200, true, true) // a daemon that starts during maintenance
		k.expect("")
		k.lives(100, true, false)
		k.expect("start nginx.service")
		k.Is(nginx, "inactive")
		k.lives(200, true, true)
		k.expect("start nginx.service")
		k.lives(2, false, true) // a failover by hand goes on meanwhile
		k.lives(2, true, true)
		k.expect("start nginx.service, start nginx.service")
		k.End()
	})
}

func TestAUnitThatFailsIsToldOnceAndTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := keep(t, nginx, xuc)
		k.Does(nginx, "start", "echo 'Job for nginx.service failed.' >&2; code=1; continue\n")
		k.lives(200, true, false)
		if n := strings.Count(k.Calls(), "start nginx.service"); n < 3 || n > 4 {
			t.Errorf("tried %d times", n)
		}
		if !k.Runs(xuc) {
			t.Error("the other one was not started")
		}
		if n := strings.Count(k.log.String(), "level=ERROR"); n != 1 || !strings.HasSuffix(k.Failure(), "Job for nginx.service failed.") {
			t.Errorf("told %d times: %s", n, k.Failure())
		}
		k.Does(nginx, "start", "")
		k.lives(80, true, false)
		if k.Failure() != "" || !k.Runs(nginx) || !strings.Contains(k.log.String(), "as they should be again") {
			t.Errorf("%s\n%s", k.Failure(), k.log)
		}
		k.End()
	})
}

func TestAStartThatHangsHoldsNoStopUp(t *testing.T) {
	k := keep(t, nginx)
	k.Does(nginx, "start", "exec sleep 600\n")
	k.Keep(t.Context(), true, false)
	for deadline := time.Now().Add(20 * time.Second); k.Calls() == "" && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
	}
	k.Is(nginx, "activating")
	for deadline := time.Now().Add(20 * time.Second); k.Calls() != "start nginx.service, stop nginx.service"; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s\n%s", k.Calls(), k.log)
		}
		k.Keep(t.Context(), false, false)
	}
	k.End()
	if k.Failure() != "" {
		t.Error(k.Failure())
	}
}

func TestASystemctlThatSaysNothingIsToldOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := keep(t, nginx, xuc)
		k.Is(nginx, "")
		k.Is(xuc, "active")
		k.lives(30, true, false)
		if !strings.Contains(k.Failure(), "2 units") {
			t.Errorf("%q", k.Failure())
		}
		k.expect("")
		k.Is(nginx, "inactive") // what was due before is done at the next look
		k.lives(12, true, false)
		k.expect("start nginx.service")
		k.End()
	})
}

func TestWithoutUnitsNothingIsRun(t *testing.T) {
	k := keep(t)
	k.Keep(t.Context(), true, false)
	k.End()
	k.expect("")
}
