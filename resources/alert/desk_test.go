package alert

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/hotpair/hotpair/reconcile/alert"
	"github.com/hotpair/hotpair/resources/alert/deliver"
	"github.com/hotpair/hotpair/resources/host"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// office is a desk whose facts a test sets, and a program for each receiver that
// writes down what it is told.
type office struct {
	t    *testing.T
	host *host.Host
	dir  string
	log  lockedText

	mu  sync.Mutex
	now alert.Look
}

// lockedText takes a log while a test reads it.
type lockedText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newOffice(t *testing.T) *office {
	t.Helper()
	dir := t.TempDir()
	h, err := host.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	o := &office{t: t, host: h, dir: dir}
	o.must(os.MkdirAll(dir+"/usr/bin", 0o755))
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// program is what a receiver runs; it keeps the events and conditions that it
// reads, and ends with a code.
func (o *office) program(name, first string) {
	o.t.Helper()
	o.must(os.WriteFile(filepath.Join(o.dir, "usr/bin", name), []byte("#!/bin/sh\n"+first+"\nread -r said\n"+`echo "$said" | sed -E 's/.*"event":"([a-z]*)","condition":"([a-z_]*)".*/\1 \2/' >>`+name+".heard\n"), 0o755))
}

// receiver tells a program at once what begins and what ends.
func (o *office) receiver(name string, on ...string) deliver.Receiver {
	return deliver.Receiver{Name: name, Way: deliver.Command{Host: o.host, Arguments: []string{"/usr/bin/" + name}}, Timeout: 20 * time.Second,
		Policy: alert.Policy{On: on, After: time.Millisecond, Clear: time.Millisecond}}
}

func (o *office) heard(name string) string {
	text, _ := os.ReadFile(filepath.Join(o.dir, name+".heard")) // nothing yet
	return strings.ReplaceAll(strings.TrimSpace(string(text)), "\n", ", ")
}

// lasts sets the conditions that last; one with a "?" is not seen.
func (o *office) lasts(codes ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = alert.Look{}
	for _, code := range codes {
		if code, unseen := strings.CutPrefix(code, "?"); unseen {
			o.now.Unseen = append(o.now.Unseen, code)
			continue
		}
		o.now.Conditions = append(o.now.Conditions, alert.Condition{Code: code, Title: code, Over: code + " is over"})
	}
}

func (o *office) options() Options {
	return Options{Host: o.host, Log: slog.New(slog.NewTextHandler(&o.log, nil)), Look: func(context.Context) (alert.Look, Node) {
		o.mu.Lock()
		defer o.mu.Unlock()
		return o.now, Node{Name: "wazo1"}
	}}
}

// open runs a desk until the function that it gives is called.
func (o *office) open(receivers ...deliver.Receiver) (d *Desk, end func()) {
	ctx, cancel := context.WithCancel(o.t.Context())
	d = New(o.options())
	d.Use(receivers)
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.Run(ctx)
	}()
	end = sync.OnceFunc(func() { cancel(); <-done })
	o.t.Cleanup(end)
	return d, end
}

// soon prods a desk until something is so.
func (o *office) soon(d *Desk, what string, is func() bool) {
	o.t.Helper()
	for limit := time.Now().Add(20 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(limit) {
			o.t.Fatalf("not so: %s\n%s", what, o.log.String())
		}
		d.Prod()
	}
}

func (o *office) hears(d *Desk, name, want string) {
	o.t.Helper()
	o.soon(d, name+" hears "+want, func() bool { return o.heard(name) == want })
}

func TestADeskTellsOnceAndOverARestart(t *testing.T) {
	o := newOffice(t)
	o.program("ops", "")
	o.lasts("late")
	d, end := o.open(o.receiver("ops"))
	o.hears(d, "ops", "begin late")
	end()
	d, end = o.open(o.receiver("ops"))
	o.lasts("late", "tardy")
	o.hears(d, "ops", "begin late, begin tardy")
	list, err := Standings(o.host)
	if err != nil || fmt.Sprint(list) != "[{ops command /usr/bin/ops [late tardy]  0001-01-01 00:00:00 +0000 UTC}]" {
		t.Error(list, err)
	}
	end()
	o.lasts()
	d, end = o.open(o.receiver("ops"))
	o.hears(d, "ops", "begin late, begin tardy, clear late, clear tardy")
	end()
	if list, err := Standings(o.host); err != nil || len(list[0].Told) != 0 {
		t.Error(list, err)
	}
}

func TestWhatCannotBeSeenAfterARestartIsNotOver(t *testing.T) {
	o := newOffice(t)
	o.program("ops", "")
	o.lasts("late")
	d, end := o.open(o.receiver("ops"))
	o.hears(d, "ops", "begin late")
	end()
	o.lasts("?late", "other")
	d, _ = o.open(o.receiver("ops"))
	o.hears(d, "ops", "begin late, begin other")
	o.lasts("late", "other", "third")
	o.hears(d, "ops", "begin late, begin other, begin third")
}

func TestADeadReceiverBlocksNobody(t *testing.T) {
	o := newOffice(t)
	o.program("ops", "")
	o.program("hangs", "sleep 60")
	o.program("fails", "echo no room >&2; exit 1")
	o.lasts("late")
	d, end := o.open(o.receiver("hangs"), o.receiver("fails"), o.receiver("ops"))
	o.hears(d, "ops", "begin late")
	o.lasts()
	o.hears(d, "ops", "begin late, clear late")
	o.soon(d, "the failure is known", func() bool { list, _ := Standings(o.host); return len(list) == 3 && list[0].Failure != "" })
	list, _ := Standings(o.host)
	if !strings.Contains(list[0].Failure, "exit status 1: no room") || list[0].Failing.IsZero() || list[1].Failure != "" {
		t.Errorf("%+v", list)
	}
	began := time.Now()
	if end(); time.Since(began) > 20*time.Second {
		t.Error("the end waits for a receiver")
	}
	if n := strings.Count(o.log.String(), "level=WARN"); n != 1 {
		t.Errorf("%d warnings:\n%s", n, o.log.String())
	}
	if o.heard("hangs") != "" || o.heard("fails") != "" {
		t.Error("told of what is over")
	}
}

// A receiver that failed is left alone once nothing is due to it.
func TestNothingIsTriedAgainThatIsOver(t *testing.T) {
	o := newOffice(t)
	o.program("fails", "exit 1")
	p := New(o.options()).post(o.receiver("fails"), kept{})
	p.see(time.Now(), alert.Look{Conditions: []alert.Condition{{Code: "late", Urgent: true}}}, Node{})
	p.deliver(t.Context())
	if wait := p.wait(); wait < firstAgain/2 || wait > firstAgain {
		t.Errorf("it is tried again after %s", wait)
	}
	p.see(time.Now(), alert.Look{}, Node{})
	if wait := p.wait(); wait != 0 {
		t.Errorf("it is tried again after %s", wait)
	}
}

// What could not be delivered is tried again while it lasts, and told to be well
// again.
func TestAReceiverThatComesBackHearsWhatLasts(t *testing.T) {
	o := newOffice(t)
	o.program("ops", "[ -e /dev/null/absent ] || [ -e back ] || exit 1")
	o.lasts("late")
	d, _ := o.open(o.receiver("ops"))
	o.soon(d, "it fails", func() bool { return strings.Contains(o.log.String(), "cannot be told") })
	o.must(os.WriteFile(filepath.Join(o.dir, "back"), nil, 0o644))
	o.hears(d, "ops", "begin late")
	o.soon(d, "it is said", func() bool { return strings.Contains(o.log.String(), "can be told again") })
	o.soon(d, "the failure is forgotten", func() bool {
		list, err := Standings(o.host)
		return err == nil && list[0].Failure == "" && list[0].Failing.IsZero()
	})
}

func TestWhoIsConfiguredAnewHearsOfWhatLasts(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"ops", "new", "other"} {
		o.program(name, "")
	}
	o.lasts("late", "dear")
	d, _ := o.open(o.receiver("ops"))
	o.soon(d, "both are told", func() bool { return strings.Count(o.heard("ops"), "begin") == 2 })
	d.Use([]deliver.Receiver{o.receiver("ops"), o.receiver("new", "dear")})
	o.hears(d, "new", "begin dear")
	moved := o.receiver("ops")
	moved.Way = deliver.Command{Host: o.host, Arguments: []string{"/usr/bin/other"}}
	d.Use([]deliver.Receiver{moved, o.receiver("new", "dear")})
	o.soon(d, "the other way hears all", func() bool { return strings.Count(o.heard("other"), "begin") == 2 })
	slower := o.receiver("new", "dear")
	slower.Timeout = time.Minute
	d.Use([]deliver.Receiver{slower})
	o.lasts()
	o.hears(d, "new", "begin dear, clear dear")
	if strings.Count(o.heard("ops"), "begin") != 2 || strings.Contains(o.heard("other"), "clear") {
		t.Error(o.heard("ops"), o.heard("other"))
	}
}

func TestOnceTellsWhileNobodyElseDoes(t *testing.T) {
	o := newOffice(t)
	o.program("ops", "")
	o.lasts("drift_fought")
	d, end := o.open(o.receiver("ops"))
	o.hears(d, "ops", "begin drift_fought")
	once := func(receivers ...deliver.Receiver) bool {
		t.Helper()
		d := New(Options{Host: o.host, Log: slog.New(slog.DiscardHandler)})
		d.Use(receivers)
		known, err := d.Once(t.Context(), Death("x"), Node{Name: "wazo1"})
		o.must(err)
		return known
	}
	if !once(o.receiver("ops")) || o.heard("ops") != "begin drift_fought" {
		t.Error("beside a desk that runs it tells: " + o.heard("ops"))
	}
	end()
	o.program("fails", "exit 1")
	for range 2 {
		if !once(o.receiver("ops"), o.receiver("fails")) || o.heard("ops") != "begin drift_fought, begin daemon_dead" {
			t.Error(o.heard("ops"))
		}
	}
	if once(o.receiver("fails")) || once() {
		t.Error("somebody knows, and nobody does")
	}
}

func TestTheDaemonThatComesBackSaysSo(t *testing.T) {
	o := newOffice(t)
	o.program("ops", "")
	d := New(o.options())
	d.Use([]deliver.Receiver{o.receiver("ops")})
	if known, err := d.Once(t.Context(), Death("x"), Node{}); err != nil || !known {
		t.Fatal(known, err)
	}
	d, _ = o.open(o.receiver("ops"))
	o.hears(d, "ops", "begin daemon_dead, clear daemon_dead")
}

func TestAMemoryThatCannotBeReadIsNone(t *testing.T) {
	for _, text := range []string{"null", "[", `{"ops":null}`, `{"ops":{"way":"command /usr/bin/ops","known":{"late":{}}}}`} {
		o := newOffice(t)
		o.program("ops", "")
		o.must(os.MkdirAll(filepath.Join(o.dir, "var/lib/hotpair"), 0o755))
		o.must(os.WriteFile(filepath.Join(o.dir, memoryPath), []byte(text), 0o600))
		o.lasts("late")
		d, _ := o.open(o.receiver("ops"))
		o.hears(d, "ops", "begin late")
	}
}

// At rest nothing is written.
func TestADeskAtRestWritesNothing(t *testing.T) {
	o := newOffice(t)
	o.program("ops", "")
	d, _ := o.open(o.receiver("ops"))
	o.soon(d, "there is a memory", func() bool { _, err := os.Stat(filepath.Join(o.dir, memoryPath)); return err == nil })
	before, err := os.Stat(filepath.Join(o.dir, memoryPath))
	o.must(err)
	for range 20 {
		d.Prod()
		time.Sleep(10 * time.Millisecond)
	}
	after, err := os.Stat(filepath.Join(o.dir, memoryPath))
	if o.must(err); !os.SameFile(before, after) {
		t.Error(errors.New("it is written again"))
	}
}
