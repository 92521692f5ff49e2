package alert

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile/alert"
	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/takeover"
)

// Facts are what is known of a node.
type Facts struct {
	Status status.Status
	Known  bool // a pass looked at the node
	// Schedules are when each part is replicated by the daemon; none: nothing is.
	Schedules map[string]string
	// Failing is what the daemon last failed to replicate, which the Status may not
	// tell yet, and why.
	Failing map[string]string
	// Behind is what is to follow each change and does not.
	Behind Lag
}

// Look is which conditions last.
func (f Facts) Look() alert.Look {
	var l alert.Look // where this is asked, the daemon lives
	for _, part := range []struct {
		seen bool
		of   []string
		find func() []alert.Condition
	}{
		{f.Status.Watch != nil, []string{ConfigInvalid, DriftFought}, f.watch},
		{f.Known && f.Status.Watch != nil && f.Status.Watch.Problem == "", []string{ConsentWaits}, f.consent},
		{f.Known && (f.Status.Failover != nil || f.Status.Undecided == ""), []string{SplitBrain, Takeover, TakeoverHeld, FailbackWaits, ServicesFailed, PeerSilent}, f.failover},
		{f.Known, []string{ReplicationFailed, ReplicationLate}, f.replication},
		{f.Known, []string{BudgetBroken}, f.budget},
	} {
		if part.seen {
			l.Conditions = append(l.Conditions, part.find()...)
		} else {
			l.Unseen = append(l.Unseen, part.of...)
		}
	}
	if s := f.Status.Failover; s != nil && s.Trouble == failover.SplitBrain { // whoever took over before has not given back
		l.Unseen = append(l.Unseen, Takeover)
	}
	return l
}

func (f Facts) watch() (list []alert.Condition) {
	w := f.Status.Watch
	if why := w.Lost + w.Problem; why != "" {
		list = append(list, condition(ConfigInvalid, sentence(w.Instead())+" "+sentence(strings.Trim(w.Problem+" "+w.Lost, " "))))
	}
	if len(w.Fought) > 0 {
		list = append(list, condition(DriftFought, sentence("It is left alone for now: "+strings.Join(w.Fought, ", "))))
	}
	return list
}

// consent are what waits for an operator, by the word that he gives.
func (f Facts) consent() (list []alert.Condition) {
	add := func(of, title, over, text, do string) {
		c := condition(ConsentWaits, sentence(text))
		c.Of, c.Title, c.Over, c.Do = of, title, over, do
		list = append(list, c)
	}
	if why := f.Status.Watch.Waits; why != "" {
		add("change", "a change of ha.hcl waits for consent", "no change of ha.hcl waits any more", why, "`hotpair plan` shows what would be done, `hotpair apply` does it.")
	}
	words := map[string][]string{}
	for _, a := range f.Status.Waiting() {
		words[a.Consent] = append(words[a.Consent], a.Name)
	}
	for _, word := range slices.Sorted(maps.Keys(words)) {
		names := strings.Join(words[word], ", ")
		add(word, fmt.Sprintf("%s waits for consent", names), fmt.Sprintf("%s does not wait for consent any more", names),
			"It is owed, and could disturb calls: "+names, fmt.Sprintf("Run `hotpair apply --allow %s` when it suits.", word))
	}
	for _, s := range f.Status.Replication {
		if s.Waits != "" {
			add(s.What, parts(s.What)+" not replicated before there is consent", parts(s.What)+" replicated again", s.Waits, "")
		}
	}
	return list
}

func (f Facts) failover() (list []alert.Condition) {
	s := f.Status.Failover
	if s == nil {
		return nil
	}
	add := func(is bool, code, text string) {
		if is {
			c := condition(code, text)
			c.Since = map[string]time.Time{Takeover: s.Since}[code]
			list = append(list, c)
		}
	}
	add(s.Serve && !s.Master && s.Trouble != failover.SplitBrain, Takeover, s.Reason)
	add(s.Trouble == failover.SplitBrain, SplitBrain, s.Reason)
	add(s.Trouble == failover.Held, TakeoverHeld, s.Reason)
	add(s.Trouble == failover.Waiting, FailbackWaits, s.Reason)
	add(s.Failure != "", ServicesFailed, sentence(s.Failure)+" "+s.Reason)
	if c, is := silent(*s); is {
		list = append(list, c)
	}
	return list
}

// restart is longer than a node needs for that, and its daemon.
const restart = 2 * time.Minute

// silent tells whether the peer's daemon is not heard any more. Of a master whose
// telephony is silent too, the failover tells.
func silent(s takeover.Standing) (alert.Condition, bool) {
	c := condition(PeerSilent, "Until it is heard again, nothing tells whether data is brought here. "+s.Reason)
	who, alive := "the master", s.Peer == failover.PeerHealthy || s.Peer == failover.PeerBusy
	if s.Master {
		who, alive = "the standby", true
		c.Text = "Until it is heard again, nobody may be there to take over. " + s.Reason
	}
	c.Title, c.Over, c.Least = who+"'s hotpair is not heard", who+"'s hotpair is heard again", restart
	return c, s.Ever && !s.Reported && alive && s.Paused.IsZero()
}

func (f Facts) budget() []alert.Condition {
	o := f.Status.Outage
	if o == nil || o.Fits {
		return nil
	}
	c := condition(BudgetBroken, sentence(strings.Join(f.Status.Budget, " ")))
	if c.Do = "`hotpair plan` shows what takes longest."; o.Change != "" {
		c.Do = fmt.Sprintf("Set %s = %q in ha.hcl, or objective.max_outage to what holds.", o.Change, o.ChangeTo)
	}
	return []alert.Condition{c}
}

// sentence gives a text the shape of one. What begins with the name of a file
// stays as it is.
func sentence(text string) string {
	if text == "" {
		return text
	}
	if word, _, _ := strings.Cut(text, " "); !strings.ContainsAny(word, "./`_") {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	return strings.TrimSuffix(text, ".") + "."
}
