package reconcile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/reconcile"
)

func TestALedgerThatCannotBeReadIsAnError(t *testing.T) {
	for name, text := range map[string]string{
		"torn": `{"version": 1, "things": {`, "unknown": `{"version": 1, "things": {}, "colour": "red"}`,
		"newer": `{"version": 99, "things": {}}`, "empty": "", "not an object": "[]",
	} {
		w := newWorld(t)
		if _, err := w.apply(); err != nil {
			t.Fatal(err)
		}
		w.write(reconcile.LedgerPath, text)
		_, err := reconcile.OpenLedger(w.root)
		if err == nil || !strings.Contains(err.Error(), reconcile.LedgerPath) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestTheFirstStateIsRememberedForGood(t *testing.T) {
	w := newWorld(t)
	w.write("a", "as found")
	for _, want := range []string{"first", "second"} {
		w.file(0).want = want
		if _, err := w.apply(); err != nil {
			t.Fatal(err)
		}
		w.reopen()
	}
	if got := w.e.Ledger.Things["a"].First.State()["text"].Reveal(); got != "as found" {
		t.Errorf("the ledger remembers %q", got)
	}
	info, err := os.Stat(filepath.Join(w.dir, reconcile.LedgerPath))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestAbsentThingsAreDismantledOnlyOnceSettled(t *testing.T) {
	w := newWorld(t)
	id := w.e.Declared[0].ID
	for _, want := range []string{"here", ""} {
		w.file(0).want = want
		if w.e.Ledger.Dismantled(id) {
			t.Errorf("dismantled before %q was applied", want)
		}
		if _, err := w.apply(); err != nil {
			t.Fatal(err)
		}
		w.reopen()
	}
	if !w.e.Ledger.Dismantled(id) {
		t.Error("not dismantled although it was taken away")
	}
}
