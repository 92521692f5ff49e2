package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/record"
)

// events are the recorded messages of a node, each with the command that left it.
func (b box) events() (list []string) {
	b.t.Helper()
	h, err := host.Open(b.dir)
	b.must(err)
	defer h.Close()
	all, err := record.Read(h)
	b.must(err)
	for _, e := range all {
		list = append(list, e.By+": "+e.Message)
	}
	return list
}

func (b box) recordedOnce(event string) {
	b.t.Helper()
	if n := strings.Count(strings.Join(b.events(), "\n")+"\n", event+"\n"); n != 1 {
		b.t.Errorf("%q is recorded %d times: %q", event, n, b.events())
	}
}

func TestWhatIsChangedByHandIsRecorded(t *testing.T) {
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.1")
	for _, args := range [][]string{{"validate"}, {"plan"}, {"status"}, {"drift"}, {"adopt"}} {
		b.hotpair(args...)
	}
	b.expect(exitError, "apply") // nobody approved
	b.is(record.Path, "(absent)")
	b.expect(exitOK, "apply", "--auto-approve")
	b.expect(exitOK, "apply", "--auto-approve")
	b.recordedOnce("apply: applied by hand")
	b.contains(b.get(record.Path), `"what":"postgres_access, schedule, sentinel, ha_conf","ran":"reload postgresql","result":"done"`)
}

func TestADaemonThatTellsTheTerminalLittleRecordsAll(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.start("--log-level", "error")
	w.must(os.Remove(filepath.Join(w.dir, "var/lib/wazo/is-primary")))
	for _, part := range []string{`"message":"watching"`, `"resource":"sentinel"`} {
		w.eventually(part+" is recorded", func() bool { return strings.Contains(w.get(record.Path), part) })
	}
	w.must(w.cmd.Process.Signal(syscall.SIGTERM))
	w.must(w.cmd.Wait())
	w.recordedOnce("apply: applied by hand")
	w.recordedOnce("watch: watching")
	w.recordedOnce("watch: ended")
	if text := w.log.String(); text != "" {
		t.Errorf("the terminal got %q", text)
	}
}
