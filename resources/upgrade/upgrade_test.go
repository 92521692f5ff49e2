package upgrade

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/replicate/rows"
	"github.com/hotpair/hotpair/resources/takeover"
)

var (
	start = time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	older = rows.Versions{"alembic_version": "a01", "infos.wazo_version": "25.01"}
	newer = rows.Versions{"alembic_version": "a06", "infos.wazo_version": "25.06"}
)

// well is what is seen of a pair whose pause is in force, before its upgrade.
func well() Sight {
	return Sight{
		Now: start, Address: "10.0.0.2", Database: true, Releases: Releases{older, older},
		Serves: true, Daemon: &takeover.Standing{Reported: true, Paused: start.Add(2 * time.Hour)},
		Parts: []replicate.Standing{{What: "database"}, {What: "files"}},
	}
}

// at is the state of an upgrade that has come to a step.
func at(step string) State {
	s := State{Before: Releases{older, older}, Done: map[string]time.Time{}}
	for _, each := range Steps("wazo-upgrade") {
		if each.Name == step {
			break
		}
		s.Done[each.Name] = start.Add(-time.Minute)
	}
	return s
}

func TestEachStepTellsWhatIsMissing(t *testing.T) {
	for name, c := range map[string]struct {
		step     string
		see      func(*Sight)
		says, do string // no do: it holds
	}{
		"nothing is paused":              {Pause, func(v *Sight) { v.Daemon.Paused = time.Time{} }, "takeover is not paused", "`hotpair maintenance --for 2h`"},
		"the pause is over":              {Master, func(v *Sight) { v.Daemon.Paused = start.Add(-time.Second) }, "takeover is not paused", "`hotpair maintenance --for 2h`"},
		"no daemon":                      {Pause, func(v *Sight) { v.Daemon = nil }, "`hotpair watch` does not run", "`systemctl start hotpair`"},
		"the standby is not heard":       {Standby, func(v *Sight) { v.Daemon.Reported = false }, "not heard", "see that `hotpair watch` runs on 10.0.0.2"},
		"begun without a standby":        {Pause, func(v *Sight) { v.Releases.Standby, v.Unseen = nil, errors.New("no route") }, "which releases the nodes have: no route", "both nodes answer"},
		"paused":                         {Pause, func(*Sight) {}, "the pause lasts until", ""},
		"the standby restarts":           {Standby, func(v *Sight) { v.Unseen = errors.New("no route") }, "not seen: no route", "wait until the standby is back"},
		"the standby is as before":       {Standby, func(*Sight) {}, "the standby still has 25.01", "--confirm"},
		"the standby is upgraded":        {Standby, func(v *Sight) { v.Releases.Standby = newer }, "25.01 to 25.06", ""},
		"it is confirmed":                {Standby, func(v *Sight) { v.Confirmed = true }, "you confirmed it", ""},
		"no database":                    {Standby, func(v *Sight) { v.Database = false }, "no database is replicated", "upgrade 10.0.0.2, then `hotpair upgrade-guide --confirm`"},
		"the master is as before":        {Master, func(v *Sight) { v.Releases.Standby = newer }, "this node still has 25.01, and the standby has 25.06", "upgrade this node"},
		"the layouts differ":             {Master, func(v *Sight) { v.Releases = Releases{rows.Versions{"a": "1"}, rows.Versions{"b": "2"}} }, `a is "1" here and "" on the standby, b is "" here`, "upgrade the one that is behind"},
		"the master's services are down": {Master, func(v *Sight) { v.Releases, v.Serves = Releases{newer, newer}, false }, "does not run", "wazo-service start"},
		"a stock job is back":            {Master, func(v *Sight) { v.Releases, v.StockJob = Releases{newer, newer}, "/etc/cron.d/xivo-ha-master, line 1" }, "/etc/cron.d/xivo-ha-master, line 1", "takes it away"},
		"a stock job, and confirmed":     {Master, func(v *Sight) { v.Confirmed, v.StockJob = true, "/etc/cron.d/x, line 1" }, "/etc/cron.d/x", "takes it away"},
		"the master is upgraded":         {Master, func(v *Sight) { v.Releases = Releases{newer, newer} }, "25.01 to 25.06, as the standby did", ""},
		"replicated before":              {Replicate, func(v *Sight) { v.Parts[0].Good, v.Parts[1].Good = start, start.Add(-time.Hour) }, "not replicated since the master's upgrade: files", "`hotpair replicate`"},
		"a run failed":                   {Replicate, func(v *Sight) { v.Parts[0].Tried, v.Parts[1].Good, v.Parts[0].Failure = start, start, "no room" }, "database: no room", "`hotpair replicate`"},
		"a run failed before":            {Replicate, func(v *Sight) { v.Parts[0].Tried, v.Parts[0].Failure = at(Pause).Done[Pause], "other layouts" }, "upgrade: database; files", "`hotpair replicate`"},
		"replicated":                     {Replicate, func(v *Sight) { v.Parts[0].Good, v.Parts[1].Good = start, start }, "database, files", ""},
		"nothing to replicate":           {Replicate, func(v *Sight) { v.Parts = nil }, "nothing replicated", ""},
		"not verified":                   {Verify, func(v *Sight) { v.Parts[1].Verified = start }, "not found equal by content since: database", "--verify"},
		"still paused":                   {Resume, func(*Sight) {}, "the pause lasts until", "`hotpair maintenance --end`"},
		"resumed":                        {Resume, func(v *Sight) { v.Daemon.Paused = time.Time{} }, "nothing is paused", ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := well()
			c.see(&v)
			s, places := Advance(at(c.step), Steps("wazo-upgrade"), v)
			var f *Finding
			for _, p := range places {
				if p.Name == c.step {
					f = p.Finding
				}
			}
			if f == nil || !strings.Contains(f.Says, c.says) || !strings.Contains(f.Do, c.do) || f.Holds != (c.do == "") {
				t.Fatalf("found %+v", f)
			}
			if _, done := s.Done[c.step]; done != f.Holds {
				t.Errorf("done: %v", s.Done)
			}
		})
	}
}

// A confirmation is of one step, and what was kept is not written into.
func TestAConfirmationLeavesOneStepBehind(t *testing.T) {
	was := at(Standby)
	before := maps.Clone(was.Done)
	v := well()
	v.Confirmed = true
	s, places := Advance(was, Steps("wazo-upgrade"), v)
	if now := Present(places); now == nil || now.Name != Master || len(s.Done) != 2 {
		t.Errorf("%+v, %v", now, s.Done)
	}
	if !maps.Equal(was.Done, before) {
		t.Error("the state that was given was changed")
	}
}

// Nothing is kept before the pause holds, and then what both nodes had.
func TestAnUpgradeBeginsWithThePause(t *testing.T) {
	v := well()
	v.Daemon.Paused = time.Time{}
	s, _ := Advance(State{}, Steps(""), v)
	if s.UnderWay() || s.Before.Master != nil {
		t.Errorf("begun without a pause: %+v", s)
	}
	s, places := Advance(State{}, Steps(""), well())
	if !s.UnderWay() || !maps.Equal(s.Before.Master, older) || Present(places).Name != Standby {
		t.Errorf("%+v, %+v", s, places)
	}
}
