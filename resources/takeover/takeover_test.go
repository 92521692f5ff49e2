package takeover

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/host"
)

func sandbox(t *testing.T) (*host.Host, string) {
	t.Helper()
	dir := t.TempDir()
	h, err := host.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h, dir
}

func yes() bool { return true }

func TestAReportIsKeptAndAnswered(t *testing.T) {
	h, _ := sandbox(t)
	if err := h.Store(standingPath, Standing{Serving: true, Asks: failover.Return}, 0o644); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	line := `{"decides":true,"serving":true,"sip":"alive","replicated":"2026-03-01T00:00:00Z","at":"2030-01-01T00:00:00Z"}` + "\n"
	if err := Answer(h, yes, strings.NewReader(line+line), &out); err != nil {
		t.Fatal(err)
	}
	answer := `{"serving":true,"stood_down":false,"asks":"return","decides":true}` + "\n"
	if out.String() != answer+answer {
		t.Errorf("answered %s", out.String())
	}
	m := reported(h)
	if m == nil || !m.Decides || m.SIP != failover.Alive || m.Replicated.Year() != 2026 {
		t.Fatalf("kept %+v", m)
	}
	if age := time.Since(m.At); age < 0 || age > time.Minute {
		t.Errorf("a report's time is this node's: %s", m.At)
	}
}

func TestNobodyIsAnsweredForADeadDaemon(t *testing.T) {
	h, _ := sandbox(t)
	if err := h.Store(standingPath, Standing{Serving: true}, 0o644); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Answer(h, func() bool { return false }, strings.NewReader("{}\n"), &out); err != nil || strings.Contains(out.String(), `"serving":true`) {
		t.Errorf("%s, %v", out.String(), err)
	}
	if m := reported(h); m == nil || m.Decides {
		t.Errorf("%+v", m)
	}
}

func TestWhatIsNoReportGetsNoFurther(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON": "hello\n", "a list": "[]\n", "a long line": strings.Repeat("x", 2*longestLine) + "\n", "no end": `{"serving":true}` + strings.Repeat(" ", 2*longestLine),
		"an answer that is none": `{"sip":"$(id)"}` + "\n", "it asks": `{"asks":"hand over"}` + "\n", "a number": "1e999\n", "deep": strings.Repeat("[", 20000) + "\n",
	} {
		h, dir := sandbox(t)
		var out bytes.Buffer
		if err := Answer(h, yes, strings.NewReader(text), &out); err == nil || strings.ContainsAny(err.Error(), "$\n") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(dir, reportPath)); err == nil || out.Len() > 0 {
			t.Errorf("%s was kept, or answered %q", name, out.String())
		}
	}
}

func FuzzMessage(f *testing.F) {
	f.Add([]byte(`{"decides":true,"serving":true,"sip":"alive"}`))
	f.Add([]byte(`{"asks":"return","paused":"2026-03-01T00:00:00Z"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := parse(text)
		if err == nil && !m.sound() || err != nil && m != (message{}) {
			t.Errorf("%q gave %+v, %v", text, m, err)
		}
	})
}

func TestAnOrderIsTakenOnceAndSoon(t *testing.T) {
	h, _ := sandbox(t)
	if err := Give(h, Order{Order: failover.OrderFailover}); err != nil {
		t.Fatal(err)
	}
	if o, err := take(h, time.Now()); err != nil || o.Order != failover.OrderFailover {
		t.Errorf("%+v, %v", o, err)
	}
	if taken, err := Taken(h); err != nil || !taken {
		t.Errorf("%v, %v", taken, err)
	}
	if o, err := take(h, time.Now()); err != nil || o.Order != "" {
		t.Errorf("twice: %+v, %v", o, err)
	}
	if err := Give(h, Order{Order: failover.OrderFailover}); err != nil {
		t.Fatal(err)
	}
	if o, err := take(h, time.Now().Add(time.Hour)); err != nil || o.Order != "" {
		t.Errorf("an hour later: %+v, %v", o, err)
	}
}

func TestAChangeOfRoleForgetsWhoServes(t *testing.T) {
	k := kept{Master: true, Memory: failover.Memory{Begun: true, Serving: true, Known: []string{"ping"}}}
	if same := k.as(true); !same.Memory.Serving {
		t.Errorf("%+v", same)
	}
	if other := k.as(false); other.Memory.Serving || other.Memory.Begun || len(other.Memory.Known) != 1 {
		t.Errorf("%+v", other)
	}
}

func TestTheDaemonIsDeadAfterARestartWouldBeOver(t *testing.T) {
	h, _ := sandbox(t)
	now := time.Now()
	for _, c := range []struct {
		lives bool
		after time.Duration
		dead  bool
		news  bool
	}{
		{true, 0, false, false}, {false, 0, false, false}, {false, time.Minute, false, false}, {false, 2 * time.Minute, true, true},
		{false, 3 * time.Minute, true, false}, {true, 4 * time.Minute, false, false}, {false, 5 * time.Minute, false, false}, {false, 7 * time.Minute, true, true},
	} {
		if dead, news, err := Dead(h, c.lives, now.Add(c.after)); err != nil || dead != c.dead || news != c.news {
			t.Errorf("lives %v after %s: %v, %v, %v", c.lives, c.after, dead, news, err)
		}
	}
}

func TestTheGatewayIsReadFromTheRoutes(t *testing.T) {
	for line, want := range map[string]string{
		"eth0 00000000 0100A8C0 0003 0 0 0 00000000 0 0 0":  "192.168.0.1",
		"eth0 0000A8C0 00000000 0001 0 0 0 00FFFFFF 0 0 0":  "",
		"Iface Destination Gateway Flags RefCnt Use Metric": "",
		"eth0 00000000 xyz 0003 0 0 0 00000000":             "",
		"":                                                  "",
	} {
		if got := gateway4(strings.Fields(line)); want == "" && got.IsValid() || want != "" && got != netip.MustParseAddr(want) {
			t.Errorf("%q: %s", line, got)
		}
	}
	line := strings.Repeat("0", 32) + " 00 " + strings.Repeat("0", 32) + " 00 fd770000000000000000000000000001 00000400 0 0 00000003 eth0"
	if got := gateway6(strings.Fields(line)); got != netip.MustParseAddr("fd77::1") {
		t.Errorf("%s", got)
	}
}

func TestAsterisksFiguresAreRead(t *testing.T) {
	for text, want := range map[string]int64{
		"3 active channels\n1 active call\n12 calls processed\n": 1, "0 active channels\n0 active calls\n": 0, "": unknown, "No such command": unknown,
	} {
		if got := counted(text, nil, activeCalls()); got != want {
			t.Errorf("%q: %d", text, got)
		}
	}
	for text, want := range map[string]int64{
		"/registrar/contact/1001;@abc : {…}\n1 results found.\n": 1, "0 results found.\n": 0, "Unable to connect": unknown,
	} {
		if got := counted(text, nil, entries()); got != want {
			t.Errorf("%q: %d", text, got)
		}
	}
	if counted("1 active call\n", os.ErrNotExist, activeCalls()) != unknown {
		t.Error("a failure is not known")
	}
}

func TestAStandingTellsWhatIsSteady(t *testing.T) {
	at := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	report := failover.Report{At: at, Serving: true, SIP: failover.Alive}
	if r := steady(report); !r.At.IsZero() || !r.Serving || report.At.IsZero() {
		t.Errorf("%+v, %+v", r, report)
	}
	votes := []failover.Vote{{Name: "ping"}, {Name: "sip udp"}, {Name: "witness 10.0.0.254"}}
	if names := unproven(failover.Memory{Known: []string{"sip udp"}}, votes); !slices.Equal(names, []string{"ping", "witness 10.0.0.254"}) {
		t.Error(names)
	}
}
