package resources

import (
	"slices"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/probe"
)

const byDaemon = "replication {\n  runner = \"daemon\"\n}\n"

func TestThePolicyIsWhatTheFileSays(t *testing.T) {
	p := FailoverPolicy(config(t, "slave", "127.0.0.2", byDaemon+`failover {
  mode        = "manual"
  unreachable = "12s"
  degraded    = "2m"
  untold      = "hold"

  tcp {
    enabled  = true
    interval = "20s"
  }

  failback {
    mode      = "manual"
    after     = "5m"
    drain     = "1m"
    window    = "22:30-06:00"
    takeovers = 1
  }
}
`))
	want := failover.Policy{
		Manual: true, Unreachable: 12 * time.Second, Degraded: 2 * time.Minute, HoldUntold: true,
		Answering: time.Minute, Booting: 3 * time.Minute, Fresh: 44 * time.Second, Reports: 5 * time.Second,
		Failback: failover.Failback{Manual: true, After: 5 * time.Minute, Drain: time.Minute, Takeovers: 1,
			Within: failover.Window{From: 22*time.Hour + 30*time.Minute, To: 6 * time.Hour}},
	}
	if p != want {
		t.Errorf("got %+v\nwant %+v", p, want)
	}
	if !FailoverPolicy(config(t, "master", "127.0.0.2")).Master {
		t.Error("a master's policy is a standby's")
	}
}

func TestAStandbyAsksForWhatTheFileSays(t *testing.T) {
	h, _ := sandbox(t, "wazo")
	names := func(probes []probe.Probe) (list []string) {
		for _, p := range probes {
			list = append(list, string(p.Kind)+" "+p.Name)
		}
		return list
	}
	more := `failover {
  witnesses = ["127.0.0.9", "fd77::9"]

  sip {
    transports = ["tcp"]
  }

  http {
    enabled = true
    url     = "https://127.0.0.2/"
  }

  postgresql {
    enabled = true
  }
}
`
	got := names(Failover(config(t, "slave", "127.0.0.2", byDaemon+more), h).Probes)
	want := []string{"host ping", "sip sip tcp", "host http", "host postgresql", "witness witness 127.0.0.9", "witness witness fd77::9"}
	if !slices.Equal(got, want) {
		t.Errorf("asks %q, want %q", got, want)
	}
	master := Failover(config(t, "master", "127.0.0.2", byDaemon), h)
	if got := names(master.Probes); !slices.Equal(got, []string{"sip sip udp", "sip sip tcp"}) || master.Open == nil || !master.Replicated().IsZero() {
		t.Errorf("a master asks %q", got)
	}
}

func TestWhereNothingIsReplicatedNothingIsWaitedFor(t *testing.T) {
	h, _ := sandbox(t, "wazo")
	for block, granted := range map[string]bool{
		byDaemon: false,
		"replication {\n  runner   = \"daemon\"\n  database = false\n}\n":                  false,
		"replication {\n  runner   = \"daemon\"\n  database = false\n  files = false\n}\n": true,
	} {
		if got := Failover(config(t, "slave", "127.0.0.2", block), h).Granted; got != granted {
			t.Errorf("%s: %v", block, got)
		}
	}
}
