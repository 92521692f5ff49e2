package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/reconcile"
)

// blind cannot be looked at.
type blind struct {
	reconcile.Resource
	err error
}

func (b blind) Have(context.Context) (reconcile.State, error) { return nil, b.err }

// ranked has a place in the order that depends on the change.
type ranked struct{ *file }

func (ranked) Rank(reconcile.Change) int { return 99 }

// keeper remembers what it overwrites.
type keeper struct{ *file }

func (keeper) Forget(c reconcile.Change) []string {
	if c.Want.Absent() {
		return []string{"text"}
	}
	return nil
}

func (keeper) Keep(c reconcile.Change) map[string]string {
	return map[string]string{"text": c.Have["text"].Reveal()}
}

func TestWhatCannotBeLookedAtHoldsBackTheRecordAlone(t *testing.T) {
	w := newWorld(t)
	w.e.Declared[0].Resource = blind{w.file(0), errors.New("connection refused")}
	w.e.Declared[2].Record = true
	p := w.plan()
	if p.Err() == nil || len(p.Unseen) != 1 || p.Unseen[0].ID.Kind != "a" || len(p.Steps) != 2 {
		t.Fatalf("plan %+v", p)
	}
	o, err := w.e.Apply(t.Context(), p)
	if err != nil || len(o.Done) != 1 || o.Done[0].ID.Kind != "b" || len(o.Undone) != 1 {
		t.Errorf("outcome %+v, error %v", o, err)
	}
}

func TestWhatIsLookedAtLaterIsNoFault(t *testing.T) {
	w := newWorld(t)
	w.e.Declared[0].Resource = blind{w.file(0), fmt.Errorf("provd does not run: %w", reconcile.ErrLater)}
	w.e.Declared[2].Record = true
	p := w.plan()
	if o, err := w.e.Apply(t.Context(), p); p.Err() != nil || err != nil || len(o.Done) != 2 {
		t.Errorf("outcome %+v, errors %v, %v", o, p.Err(), err)
	}
}

func TestAFollowUpThatMayBeStoppedIs(t *testing.T) {
	w := newWorld(t)
	w.file(0).asks = []string{"reload"}
	ctx, cancel := context.WithCancel(t.Context())
	f := &w.e.FollowUps[0]
	f.Interruptible, f.Run = true, func(ctx context.Context) error {
		cancel()
		return ctx.Err()
	}
	o, err := w.e.Apply(ctx, w.plan())
	if !errors.Is(err, context.Canceled) || !slices.Contains(o.Pending, f.Name) {
		t.Errorf("outcome %+v, error %v", o, err)
	}
	w.reopen()
	if _, owed := w.e.Ledger.Owed[f.Name]; !owed {
		t.Error("it is not owed any more")
	}
}

func TestAFollowUpThatIsUnfinishedStaysOwedAndIsNoFault(t *testing.T) {
	w := newWorld(t)
	w.file(0).asks = []string{"reload"}
	w.e.Declared[2].Record = true
	w.e.FollowUps[0].Run = func(context.Context) error { return reconcile.ErrUnfinished }
	o, err := w.e.Apply(t.Context(), w.plan())
	if err != nil || len(o.Done) != 3 || len(o.Ran) != 0 {
		t.Errorf("outcome %+v, error %v", o, err)
	}
	w.reopen()
	if p := w.plan(); len(p.Actions) != 1 || !p.Actions[0].Owed {
		t.Errorf("actions %+v", p.Actions)
	}
}

func TestWhatIsHeldIsNoChangeAndHoldsBackTheRecord(t *testing.T) {
	w := newWorld(t)
	w.file(0).asks = []string{"reload"}
	w.e.Declared[2].Record = true
	w.e.Hold = func(s reconcile.Step) string {
		return map[bool]string{true: "fought over"}[s.ID.Kind == "a"]
	}
	o, err := w.apply()
	if err != nil || len(o.Done) != 1 || len(w.ran) != 0 {
		t.Fatalf("outcome %+v, ran %v, error %v", o, w.ran, err)
	}
	w.e.Declared[2].Resource.(*file).want = "" // nothing but the held one is left
	if p := w.plan(); !p.Empty() || len(p.Steps) != 1 || p.Steps[0].Held != "fought over" {
		t.Errorf("plan %+v", p)
	}
}

func TestKeepGoingDoesTheRestAndItsFollowUps(t *testing.T) {
	w := newWorld(t)
	w.e.KeepGoing = true
	w.e.Declared[2].Record = true
	w.file(0).fail, w.file(0).asks = errors.New("503"), []string{"reload"}
	w.file(1).asks = []string{"restart"}
	w.e.Consent = []string{"restart"}
	o, err := w.apply()
	if err == nil || len(o.Done) != 1 || len(o.Failed) != 1 || strings.Join(w.ran, " ") != "restart" {
		t.Fatalf("outcome %+v, ran %v, error %v", o, w.ran, err)
	}
	if len(w.e.Ledger.Owed) != 0 {
		t.Errorf("owed %v for changes that never began", w.e.Ledger.Owed)
	}
}

func TestAKindMayChooseItsRankByTheChange(t *testing.T) {
	w := newWorld(t)
	w.e.Declared[0].Resource = ranked{w.file(0)}
	if steps := w.plan().Steps; steps[len(steps)-1].ID.Kind != "a" {
		t.Errorf("the order is %v", steps)
	}
}

func TestWhatIsOverwrittenIsKeptOnce(t *testing.T) {
	w := newWorld(t)
	f := w.file(0)
	w.e.Declared[0].Resource = keeper{f}
	w.write("a", "the first")
	for _, want := range []string{"one", "two"} {
		f.want = want
		if _, err := w.apply(); err != nil {
			t.Fatal(err)
		}
		w.reopen()
	}
	id := w.e.Declared[0].ID
	original, met := w.e.Ledger.Original(id)
	first, _ := w.e.Ledger.First(id)
	if !met || original["text"] != "the first" || !first.Equal(content("the first")) || !w.e.Ledger.Last(id).Equal(content("two")) {
		t.Errorf("kept %v, first %v, last %v", original, first, w.e.Ledger.Last(id))
	}
	f.want = ""
	if _, err := w.apply(); err != nil {
		t.Fatal(err)
	}
	if original, _ := w.e.Ledger.Original(id); len(original) != 0 {
		t.Errorf("still remembered: %v", original)
	}
}

// phones is a thing of two parts, of which one is fought over.
type phones struct{ have, want reconcile.State }

func (p *phones) Want(context.Context) (reconcile.State, error) { return p.want, nil }
func (p *phones) Have(context.Context) (reconcile.State, error) { return p.have, nil }
func (p *phones) Part(attribute string) string                  { return attribute[:1] }
func (p *phones) Apply(_ context.Context, c reconcile.Change) error {
	p.have = maps.Clone(p.have)
	for _, a := range c.Attributes() {
		p.have[a.Name] = *a.Want
	}
	return nil
}

func TestOnePartIsHeldAndTheOthersGoOn(t *testing.T) {
	w := newWorld(t)
	good, bad := reconcile.Text("good"), reconcile.Text("bad")
	p := &phones{have: reconcile.State{"1x": bad, "1y": bad, "2x": bad}, want: reconcile.State{"1x": good, "1y": good, "2x": good}}
	w.e.Declared = []reconcile.Declared{{ID: reconcile.ID{Kind: "phones"}, Resource: p}}
	if _, err := w.apply(); err != nil {
		t.Fatal(err)
	}
	p.have = reconcile.State{"1x": bad, "1y": good, "2x": bad, "3x": bad}
	p.want = reconcile.State{"1x": good, "1y": good, "2x": good, "3x": good}
	w.e.Hold = func(s reconcile.Step) string {
		return map[bool]string{true: "fought over"}[slices.Equal(s.Drifting, []string{"phones 1"})]
	}
	plan := w.plan()
	if len(plan.Steps) != 2 || !slices.Equal(plan.Steps[1].Drifting, []string{"phones 2"}) {
		t.Fatalf("steps %+v", plan.Steps)
	}
	if _, err := w.apply(); err != nil {
		t.Fatal(err)
	}
	if p.have["1x"] != bad || p.have["2x"] != good || p.have["3x"] != good {
		t.Errorf("now %v", p.have)
	}
	w.e.Hold = nil
	if again := w.plan(); len(again.Steps) != 1 || !slices.Equal(again.Steps[0].Drifted, []string{"1x"}) {
		t.Errorf("later %+v", again.Steps)
	}
}
