package reconcile_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/disk"
)

// file is a resource of one file, kept by the real disk.
type file struct {
	root       *disk.Root
	name, want string
	asks       []string
	fail       error
}

func (f *file) Want(context.Context) (reconcile.State, error) { return content(f.want), nil }

func (f *file) Have(context.Context) (reconcile.State, error) {
	text, err := f.root.Read(f.name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return content(string(text)), err
}

func (f *file) Apply(_ context.Context, c reconcile.Change) error {
	if f.fail != nil {
		return f.fail
	}
	if c.Want.Absent() {
		return f.root.Remove(f.name)
	}
	return f.root.Write(f.name, []byte(c.Want["text"].Reveal()), 0o644)
}

func (f *file) Asks(reconcile.Change) []string { return f.asks }

func content(text string) reconcile.State {
	if text == "" {
		return nil
	}
	return reconcile.State{"text": reconcile.Text(text)}
}

// world is a node with an engine over files a, b and c.
type world struct {
	t    *testing.T
	dir  string
	root *disk.Root
	ran  []string
	e    *reconcile.Engine
}

func newWorld(t *testing.T) *world {
	dir := t.TempDir()
	root, err := disk.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, dir: dir, root: root, e: &reconcile.Engine{Now: time.Now}}
	for i, name := range []string{"a", "b", "c"} {
		w.e.Declared = append(w.e.Declared, reconcile.Declared{ID: reconcile.ID{Kind: name}, Rank: i, Resource: &file{root: root, name: "/" + name, want: "new " + name}})
	}
	w.e.FollowUps = []reconcile.FollowUp{
		{Name: "reload", Rank: 1, Run: w.run("reload")},
		{Name: "restart", Rank: 2, Consent: "restart", Covers: []string{"reload"}, Run: w.run("restart")},
	}
	w.reopen()
	return w
}

func (w *world) run(name string) func(context.Context) error {
	return func(context.Context) error { w.ran = append(w.ran, name); return nil }
}

// reopen reads the ledger again, as the next process would.
func (w *world) reopen() {
	w.t.Helper()
	l, err := reconcile.OpenLedger(w.root)
	if err != nil {
		w.t.Fatal(err)
	}
	w.e.Ledger, w.ran = l, nil
}

func (w *world) file(i int) *file { return w.e.Declared[i].Resource.(*file) }

func (w *world) plan() reconcile.Plan {
	w.t.Helper()
	p, err := w.e.Plan(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *world) apply() (reconcile.Outcome, error) {
	w.t.Helper()
	return w.e.Apply(w.t.Context(), w.plan())
}

func (w *world) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func TestAFailureStopsAndTheNextApplyFinishes(t *testing.T) {
	w := newWorld(t)
	w.file(0).asks = []string{"reload"}
	w.file(1).fail = errors.New("no space left on device")
	o, err := w.apply()
	if err == nil || len(o.Done) != 1 || len(o.Failed) != 1 || o.Failed[0].ID.Kind != "b" || o.Touched || len(o.Undone) != 1 || len(o.Pending) != 1 {
		t.Fatalf("outcome %+v, error %v", o, err)
	}
	if len(w.ran) != 0 {
		t.Errorf("%v ran although the changes are not complete", w.ran)
	}
	w.reopen()
	w.file(1).fail = nil
	if o, err = w.apply(); err != nil || len(o.Done) != 2 || len(w.ran) != 1 {
		t.Fatalf("outcome %+v, ran %v, error %v: the owed reload must not be lost", o, w.ran, err)
	}
	w.reopen()
	if p := w.plan(); !p.Empty() || len(p.Actions) != 0 {
		t.Errorf("a third plan finds %+v", p)
	}
}

func TestAStalePlanIsRefused(t *testing.T) {
	w := newWorld(t)
	p := w.plan()
	w.write("b", "somebody else's")
	o, err := w.e.Apply(t.Context(), p)
	if !errors.Is(err, reconcile.ErrStale) || !strings.HasPrefix(err.Error(), "b: ") || len(o.Done) != 1 || o.Touched {
		t.Errorf("outcome %+v, error %v", o, err)
	}
	if text, err := os.ReadFile(filepath.Join(w.dir, "b")); err != nil || string(text) != "somebody else's" {
		t.Errorf("b is %q, %v", text, err)
	}
}

// liar says that it acted and did not.
type liar struct{ reconcile.Resource }

func (liar) Apply(context.Context, reconcile.Change) error { return nil }

func TestAResourceThatLiesIsCaught(t *testing.T) {
	w := newWorld(t)
	w.e.Declared[1].Resource = liar{w.e.Declared[1].Resource}
	if _, err := w.apply(); !errors.Is(err, reconcile.ErrUnsettled) || !strings.Contains(err.Error(), "text") {
		t.Errorf("got %v", err)
	}
}

func TestWhatDisturbsCallsWaitsForConsent(t *testing.T) {
	w := newWorld(t)
	w.file(0).asks = []string{"reload", "restart"}
	o, err := w.apply()
	if err != nil || len(o.Waiting) != 1 || strings.Join(w.ran, " ") != "reload" {
		t.Fatalf("waiting %v, ran %v, error %v", o.Waiting, w.ran, err)
	}
	w.reopen()
	if p := w.plan(); !p.Empty() || p.Count(reconcile.Waiting) != 1 || !p.Actions[0].Owed {
		t.Fatalf("what waits for consent must be shown and is no change: %+v", p)
	}
	w.e.Consent = []string{"restart"}
	if _, err := w.apply(); err != nil || strings.Join(w.ran, " ") != "restart" {
		t.Fatalf("ran %v, error %v", w.ran, err)
	}
	w.reopen()
	if len(w.e.Ledger.Owed) != 0 {
		t.Errorf("still owed: %v", w.e.Ledger.Owed)
	}
}

func TestAnActionCoversWhatItDoesAsWell(t *testing.T) {
	w := newWorld(t)
	w.e.Consent = []string{"restart"}
	w.file(0).asks = []string{"reload", "restart"}
	if _, err := w.apply(); err != nil || strings.Join(w.ran, " ") != "restart" || len(w.e.Ledger.Owed) != 0 {
		t.Errorf("ran %v, owed %v, error %v", w.ran, w.e.Ledger.Owed, err)
	}
}

func TestWhatIsMootIsNotOwedAnyMore(t *testing.T) {
	w := newWorld(t)
	w.file(0).asks = []string{"restart"}
	if o, err := w.apply(); err != nil || len(o.Waiting) != 1 {
		t.Fatalf("waiting %v, error %v", o.Waiting, err)
	}
	for i, f := range w.e.FollowUps {
		w.e.FollowUps[i].Moot = f.Name == "restart"
		w.e.FollowUps[i].Ready = func(context.Context) error { return errors.New("nobody asks") }
	}
	if p := w.plan(); len(p.Actions) != 0 || p.Err() != nil || len(w.e.Ledger.Owed) != 1 {
		t.Errorf("%+v, %v", p.Actions, p.Err())
	}
	if _, err := w.apply(); err != nil || len(w.ran) != 0 || len(w.e.Ledger.Owed) != 0 {
		t.Errorf("ran %v, owed %v, error %v", w.ran, w.e.Ledger.Owed, err)
	}
}

func TestAFailedFollowUpStaysOwed(t *testing.T) {
	w := newWorld(t)
	w.file(0).asks = []string{"reload"}
	w.e.FollowUps[0].Run = func(context.Context) error { return errors.New("it is masked") }
	o, err := w.apply()
	if err == nil || !strings.Contains(err.Error(), "reload: it is masked") || !o.Changed() || len(o.Pending) != 1 {
		t.Fatalf("outcome %+v, error %v", o, err)
	}
	w.reopen()
	w.e.FollowUps[0].Run = w.run("reload")
	if p := w.plan(); p.Empty() {
		t.Error("an owed action that needs no consent is something to do")
	}
	if _, err := w.apply(); err != nil || len(w.ran) != 1 {
		t.Errorf("ran %v, error %v", w.ran, err)
	}
}

func TestAFollowUpThatCannotRunIsAnErrorOfThePlan(t *testing.T) {
	w := newWorld(t)
	w.file(0).asks = []string{"reload"}
	w.e.FollowUps[0].Ready = func(context.Context) error { return errors.New("/usr/bin/systemctl is needed and not on this node") }
	if p := w.plan(); p.Err() == nil || !strings.Contains(p.Err().Error(), "systemctl") || len(p.Steps) != 2 {
		t.Errorf("got %v with the steps %v", p.Err(), p.Steps)
	}
	w.file(0).asks = []string{"unheard of"}
	if _, err := w.e.Plan(t.Context()); err == nil || !strings.Contains(err.Error(), "unheard of") {
		t.Errorf("got %v", err)
	}
}

func TestDriftIsToldApartFromAnEdit(t *testing.T) {
	w := newWorld(t)
	if _, err := w.apply(); err != nil {
		t.Fatal(err)
	}
	w.reopen()
	w.write("a", "behind our back")
	w.file(1).want = "edited"
	for _, s := range w.plan().Steps {
		if drifted := len(s.Drifted) > 0; drifted != (s.ID.Kind == "a") {
			t.Errorf("%s: drifted %v", s.ID, s.Drifted)
		}
	}
}

func TestNothingChangedWritesNothing(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		if _, err := w.apply(); err != nil {
			t.Fatal(err)
		}
		w.reopen()
	}
	before, err := os.Stat(filepath.Join(w.dir, reconcile.LedgerPath))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.apply(); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(filepath.Join(w.dir, reconcile.LedgerPath))
	if err != nil || !os.SameFile(before, after) || before.ModTime() != after.ModTime() {
		t.Errorf("the ledger was written again: %v", err)
	}
}

func TestCancellingStopsBetweenSteps(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	p := w.plan()
	w.e.Progress = func(p reconcile.Progress) {
		if p.Done {
			cancel()
		}
	}
	o, err := w.e.Apply(ctx, p)
	if !errors.Is(err, context.Canceled) || len(o.Done) != 1 || len(o.Undone) != 2 {
		t.Errorf("outcome %+v, error %v", o, err)
	}
}

func TestTwoResourcesOfOneNameAreRefused(t *testing.T) {
	w := newWorld(t)
	w.e.Declared = append(w.e.Declared, w.e.Declared[0])
	if _, err := w.e.Plan(t.Context()); err == nil {
		t.Error("the plan was made")
	}
}
