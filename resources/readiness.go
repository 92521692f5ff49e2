package resources

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

// A Check is one thing that a takeover needs, as it is now.
type Check struct {
	Name string
	Says string
	Mend string        // what to do first; "": it is ready
	Took time.Duration // of an answer; 0: none
}

// Readiness looks at what a takeover of this standby needs, and touches nothing;
// nil: no daemon runs.
func Readiness(ctx context.Context, cfg *schema.Config, h *host.Host, s *takeover.Standing) []Check {
	return append(ReadyHere(cfg, h, s), sipChecks(ctx, cfg)...)
}

// ReadyHere is the part of it that this node knows by itself.
func ReadyHere(cfg *schema.Config, h *host.Host, s *takeover.Standing) []Check {
	list := []Check{{Name: "daemon", Says: "`hotpair watch` runs"}}
	if s == nil {
		list[0] = Check{Name: "daemon", Says: "`hotpair watch` does not run on this node", Mend: "start it with `systemctl start hotpair`, and see `journalctl -u hotpair`"}
	} else {
		list = append(list, standingCheck(*s), reportCheck(*s), witnessCheck(*s))
	}
	return append(list, replicationCheck(h), scriptCheck(cfg, h), startCheck(h), detectionCheck(cfg))
}

// standingCheck is how the failover stands.
func standingCheck(s takeover.Standing) Check {
	c := Check{Name: "failover", Says: s.Reason}
	switch {
	case s.Serve:
		c.Mend = "give the master back its place with `hotpair failback`"
	case !s.Paused.IsZero():
		c.Mend = "end the maintenance with `hotpair maintenance --end`"
	case s.Serving:
		c.Mend = "stop the services of this node: it is to stand by"
	case s.Busy || s.Doing != "" || s.Order != failover.NoOrder:
		c.Mend = "wait until what is under way is done: see `hotpair status`"
	case s.Peer != failover.PeerHealthy || s.Trouble != failover.NoTrouble || s.Isolated:
		c.Mend = "make the master healthy, as this node sees it: see `hotpair status`"
	}
	return c
}

func reportCheck(s takeover.Standing) Check {
	if s.Reported {
		return Check{Name: "reports", Says: "the master's hotpair is heard"}
	}
	return Check{Name: "reports", Says: "the master's hotpair is not heard, so that it cannot be asked to hand over: both nodes would serve",
		Mend: "run `hotpair watch` on the master, and `hotpair init` there if the channel was never set up"}
}

// witnessCheck tells of the witnesses. A takeover by hand needs none.
func witnessCheck(s takeover.Standing) Check {
	var answers, all []string
	for _, v := range s.Votes {
		if v.Kind != failover.Witness {
			continue
		}
		all = append(all, v.Name)
		if v.Answer == failover.Alive {
			answers = append(answers, v.Name)
		}
	}
	c := Check{Name: "witnesses"}
	switch {
	case len(all) == 0:
		c.Says = "there is none, so that a master that is gone is replaced after failover.degraded: name one in failover.witnesses"
	case len(answers) == 0:
		c.Says = "none answers (" + strings.Join(all, ", ") + "), so that this node may take itself for cut off"
	default:
		c.Says = strings.Join(answers, ", ") + ": alive"
	}
	return c
}

func replicationCheck(h *host.Host) Check {
	good := takeover.Replicated(h)
	if good.IsZero() {
		return Check{Name: "replication", Says: "nothing was ever replicated to this node, or the master has not told", Mend: "run `hotpair replicate` on the master, and see `hotpair status` there"}
	}
	return Check{Name: "replication", Says: "known good at " + good.Local().Format(time.DateTime) + " or later"}
}

func scriptCheck(cfg *schema.Config, h *host.Host) Check {
	c := Check{Name: "services", Says: cfg.Platform.Telephony.Manage + " starts and stops them"}
	if cfg.Platform.Telephony.Manage == "" {
		c.Says = "nothing starts and stops them on this platform: they run on both nodes"
	} else if err := h.HasCommand(cfg.Platform.Telephony.Manage); err != nil {
		c.Says, c.Mend = err.Error(), "install the platform's script, or correct platform in ha.hcl"
	}
	return c
}

func startCheck(h *host.Host) Check {
	took, measured, err := ServicesStart(h)
	c := Check{Name: "start", Says: fmt.Sprintf("the services answer %s after their start, as measured on this node", Span(took))}
	switch {
	case err != nil:
		c.Says = err.Error()
	case !measured:
		c.Says = fmt.Sprintf("the services answer %s after their start: assumed, since no start was measured on this node yet", Span(took))
	}
	return c
}

func detectionCheck(cfg *schema.Config) Check {
	f := cfg.Failover
	c := Check{Name: "detection", Says: fmt.Sprintf("a master is replaced after %s of silence, one whose host is up and whose telephony is silent after %s", Span(f.Unreachable), Span(f.Degraded))}
	if f.Manual {
		c.Says = "failover.mode is manual: a master that fails is replaced by `hotpair failover` only"
	}
	return c
}
