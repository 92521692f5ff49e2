package reconcile_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/reconcile"
)

func TestASavedPlanMatchesOnlyWhatItWasMadeFor(t *testing.T) {
	w := newWorld(t)
	saved, err := w.plan().Save("master 10.0.0.2")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.plan().Matches(saved, "master 10.0.0.2"); err != nil {
		t.Errorf("refused although nothing moved: %v", err)
	}
	if err := w.plan().Matches(saved, "slave 10.0.0.2"); !errors.Is(err, reconcile.ErrMoved) {
		t.Errorf("another role: %v", err)
	}
	w.write("b", "moved")
	if err := w.plan().Matches(saved, "master 10.0.0.2"); !errors.Is(err, reconcile.ErrMoved) || !strings.Contains(err.Error(), "b moved") {
		t.Errorf("another world: %v", err)
	}
}

func TestWhatIsNoSavedPlanIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, text := range []string{"", "{}", "null", `{"format":"hotpair plan","version":2}`, `{"format":"hotpair plan","version":1,"x":1}`, "\x00", "[[[["} {
		if err := w.plan().Matches([]byte(text), "master"); err == nil {
			t.Errorf("%q was taken for a plan", text)
		}
	}
}

func TestASavedPlanHoldsDigestsOfSecrets(t *testing.T) {
	secret := func(text string) reconcile.Plan {
		return reconcile.Plan{Steps: []reconcile.Step{{Change: reconcile.Change{ID: reconcile.ID{Kind: "k"}, Want: reconcile.State{"password": reconcile.Secret(text)}}}}}
	}
	saved, err := secret("s3cr3t").Save("x")
	if err != nil || strings.Contains(string(saved), "s3cr3t") {
		t.Fatalf("%s, %v", saved, err)
	}
	if err := secret("s3cr3t").Matches(saved, "x"); err != nil {
		t.Errorf("the same secret: %v", err)
	}
	if err := secret("another").Matches(saved, "x"); !errors.Is(err, reconcile.ErrMoved) {
		t.Errorf("another secret: %v", err)
	}
}
