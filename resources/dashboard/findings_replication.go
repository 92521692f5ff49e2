package dashboard

import (
	"time"

	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/words"
)

// grace is how long after its time a run is not late yet: a failed one is tried
// again within that.
const grace = 15 * time.Minute

// late tells whether a run should have been good by now.
func (v view) late(s replicate.Standing) bool {
	return !s.Due.IsZero() && v.now.Sub(s.Due) > grace
}

// replicationFindings are what keeps the standby from being as the master is.
func (v view) replicationFindings() []finding {
	var list []finding
	for _, s := range v.Status.Replication {
		what, run := thing(s.What), "hotpair replicate "+s.What
		f := finding{Level: Attention, Commands: []string{run}}
		switch {
		case s.Failure != "":
			f.Title, f.Text, f.Commands = "Copying the "+what+" fails", s.Failure, []string{run, seeHistory}
			if !s.Failing.IsZero() {
				f.Title += " since " + v.moment(s.Failing).Clock()
			}
		case s.Waits != "":
			f.Title, f.Text, f.Commands = "Copying the "+what+" waits for your consent", s.Waits, []string{run + " --allow overwrite"}
		case s.Good.IsZero():
			f.Title, f.Text = "The "+what+" of the standby was never brought up to date", "A standby that was never replicated to does not take over by itself."
		case v.late(s):
			f.Title, f.Text = "Copying the "+what+" is late", "It was due at "+v.moment(s.Due).Clock()+", and was last as on the master at "+v.moment(s.Good).Clock()+"."
		case s.Unseen != "":
			f.Title, f.Text, f.Commands = "What changed in the "+what+" since is not known", s.Unseen, []string{"hotpair status"}
		default:
			continue
		}
		list = append(list, f)
	}
	return append(list, v.stale()...)
}

// stale tells of a standby to which nothing was ever replicated, as far as it
// knows.
func (v view) stale() []finding {
	f := v.Status.Failover
	if f == nil || f.Master || !f.Reported || !f.Replicated.IsZero() {
		return nil
	}
	return []finding{{Level: Attention, Title: "Nothing was ever replicated to this standby", Text: "It holds back from taking over by itself until the master has replicated well once.", Commands: []string{"hotpair replicate"}, On: "on " + v.peer()}}
}

// thing is what a part of the replication copies.
func thing(what string) string {
	if what == replicate.FilesName {
		return "directories"
	}
	return what
}

func seconds(s float64) string { return words.Span(time.Duration(s * float64(time.Second))) }
