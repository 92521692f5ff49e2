package upgrade

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/hotpair/hotpair/resources/replicate"
)

const (
	again   = ", then `hotpair upgrade-guide`"
	confirm = "`hotpair upgrade-guide --confirm`"
)

func holds(format string, args ...any) Finding {
	return Finding{Holds: true, Says: fmt.Sprintf(format, args...)}
}

// not is a check that does not hold, with what to do.
func not(do, format string, args ...any) Finding {
	return Finding{Says: fmt.Sprintf(format, args...), Do: do}
}

// check looks whether a step is done.
func (s State) check(step string, v Sight) Finding {
	switch step {
	case Pause:
		return v.begins()
	case Standby:
		return s.standby(v)
	case Master:
		return s.master(v)
	case Replicate:
		return s.replicated(v)
	case Verify:
		return s.verified(v)
	}
	return v.resumed()
}

// begins is the pause, and what an upgrade needs to know before it begins.
func (v Sight) begins() Finding {
	f := v.paused()
	if f.Holds && v.Database && v.Unseen != nil {
		return not("see that both nodes answer"+again, "it is not seen which releases the nodes have: %s", v.Unseen)
	}
	return f
}

// paused tells whether nothing is taken over while a node restarts.
func (v Sight) paused() Finding {
	switch d := v.Daemon; {
	case d == nil:
		return not("`systemctl start hotpair`"+again, "`hotpair watch` does not run on this node, so that no pause is known to be in force")
	case !d.Paused.After(v.Now):
		return not("`hotpair maintenance --for 2h`", "takeover is not paused: a restart of the master could be taken for its death")
	case !d.Reported:
		return not(fmt.Sprintf("see that `hotpair watch` runs on %s", v.Address), "the standby's hotpair is not heard, so that it may not know of the pause")
	}
	return holds("the pause lasts until %s", v.Daemon.Paused.Local().Format("15:04"))
}

func (s State) standby(v Sight) Finding {
	if f := v.paused(); !f.Holds {
		return f
	}
	on := fmt.Sprintf("upgrade %s%s. An upgrade that brings no other release is not seen: %s", v.Address, again, confirm)
	switch before, now := s.Before.Standby, v.Releases.Standby; {
	case v.Confirmed:
		return holds("you confirmed it")
	case !v.Database:
		return not("upgrade "+v.Address+", then "+confirm, "no release is seen: no database is replicated")
	case v.Unseen != nil:
		return not("wait until the standby is back and its services are passive"+again, "the standby's release is not seen: %s", v.Unseen)
	case maps.Equal(before, now):
		return not(on, "the standby still has %s", named(now))
	default:
		return holds("the standby went from %s", change(before, now))
	}
}

func (s State) master(v Sight) Finding {
	f := v.paused()
	if f.Holds {
		f = s.masterRelease(v)
	}
	switch {
	case !f.Holds:
		return f
	case !v.Serves:
		return not("start its services: `wazo-service start`, on XiVO `xivo-service start`"+again, "the telephony of this node does not run")
	case v.StockJob != "":
		return not("`hotpair watch` takes it away within seconds; `hotpair plan` tells if not", "the upgrade brought a stock job back that replicates: %s", v.StockJob)
	}
	return f
}

func (s State) masterRelease(v Sight) Finding {
	before, now, there := s.Before.Master, v.Releases.Master, v.Releases.Standby
	switch {
	case v.Confirmed:
		return holds("you confirmed it")
	case !v.Database:
		return not("upgrade this node, then "+confirm, "no release is seen: no database is replicated")
	case v.Unseen != nil:
		return not("wait until both databases answer"+again, "the releases are not seen: %s", v.Unseen)
	case maps.Equal(before, now):
		return not("upgrade this node"+again+". An upgrade that brings no other release is not seen: "+confirm, "this node still has %s, and the standby has %s", named(now), named(there))
	case !maps.Equal(now, there):
		return not("upgrade the one that is behind"+again, "%s", apart(now, there))
	}
	return holds("this node went from %s, as the standby did", change(before, now))
}

// replicated tells whether each part was replicated since the master's upgrade.
func (s State) replicated(v Sight) Finding {
	return s.each(v, "replicated since the master's upgrade", "`hotpair replicate`", func(p replicate.Standing) time.Time {
		if p.Failure+p.Waits != "" {
			return time.Time{}
		}
		return p.Good
	})
}

func (s State) verified(v Sight) Finding {
	return s.each(v, "found equal by content since", "`hotpair replicate --verify`", func(p replicate.Standing) time.Time { return p.Verified })
}

// each looks whether something was last done of every part that is replicated
// since the master was upgraded. What failed before that says nothing.
func (s State) each(v Sight, what, do string, last func(replicate.Standing) time.Time) Finding {
	var well, ill []string
	since := s.Done[Master]
	for _, p := range v.Parts {
		switch {
		case last(p).After(since):
			well = append(well, p.What)
		case p.Tried.After(since) && p.Failure+p.Waits != "":
			ill = append(ill, p.What+": "+p.Failure+p.Waits)
		default:
			ill = append(ill, p.What)
		}
	}
	switch {
	case len(ill) > 0:
		return not(do+again, "not %s: %s", what, strings.Join(ill, "; "))
	case len(well) == 0:
		return holds("ha.hcl has nothing replicated")
	}
	return holds("%s: %s", what, strings.Join(well, ", "))
}

func (v Sight) resumed() Finding {
	switch d := v.Daemon; {
	case d == nil:
		return not("`systemctl start hotpair`"+again, "`hotpair watch` does not run on this node")
	case d.Paused.After(v.Now):
		return not("`hotpair maintenance --end`", "the pause lasts until %s", d.Paused.Local().Format(time.TimeOnly))
	}
	return holds("nothing is paused")
}
