package timeline

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// paris has summer time, and a zone that is not the one of the machine.
func paris(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	must(t, err)
	return zone
}

var spring = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func open(t testing.TB, text string, how How) *Log {
	t.Helper()
	if how.Zone == nil {
		how.Zone = paris(t)
	}
	log, err := Open(File{Name: "x.log", Modified: spring, In: strings.NewReader(text)}, how)
	must(t, err)
	return log
}

func all(ctx context.Context, sources ...Source) (list []Entry, err error) {
	err = Merge(ctx, sources, func(e Entry) { list = append(list, e) })
	return list, err
}

// Each line as its program writes it, and what is made of it.
func TestLinesOfEachFormat(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{"2026-03-01 02:03:04,567 [12] (INFO) (xivo_sysconfd): Updating resilience state, from: False to: True",
			"01:03:04.567 xivo-sysconfd INFO Updating resilience state, from: False to: True"},
		{"2026-03-01 02:03:04,567 [12] (INFO) (xivo_sysconfd): served a request", ""},
		{"Mar  1 02:03:04 pbx xivocc-ha: XiVO is active, starting nginx", "01:03:04 xivocc-ha  XiVO is active, starting nginx"},
		{"Mar  1 02:03:04 pbx xivocc-ha[77]: anything", "01:03:04 xivocc-ha  anything"},
		{"Mar 01 02:03:04 pbx xivocc-ha: as the journal has it", "01:03:04 xivocc-ha  as the journal has it"},
		{"Mar  1 02:03:04 pbx sshd[77]: anything", ""},
		{"Mar  1 02:03:04 pbx /usr/sbin/kamailio[9]: ERROR: <script>: Destination down: OPTIONS sip:10.0.0.1:5060 (sip:10.0.0.1:5060)",
			"01:03:04 kamailio  ERROR: <script>: Destination down: OPTIONS sip:10.0.0.1:5060 (sip:10.0.0.1:5060)"},
		{"sip_proxy-1  | 2026-03-01T02:03:04.123456789Z  1(30) ERROR: <script>: Destination up: OPTIONS sip:10.0.0.1:5060",
			"02:03:04.123456789 kamailio  1(30) ERROR: <script>: Destination up: OPTIONS sip:10.0.0.1:5060"},
		{`{"log":"1(30) ERROR: <script>: Destination up: OPTIONS sip:10.0.0.1\n","stream":"stderr","time":"2026-03-01T02:03:04.5Z"}`,
			"02:03:04.5 kamailio  1(30) ERROR: <script>: Destination up: OPTIONS sip:10.0.0.1"},
		{`2026/03/01 02:03:04 [warn] 813#813: *1 upstream server temporarily disabled while connecting to upstream, client: 10.0.0.7, upstream: "http://127.0.0.1:8080/"`,
			`01:03:04 nginx WARN *1 upstream server temporarily disabled while connecting to upstream, client: 10.0.0.7, upstream: "http://127.0.0.1:8080/"`},
		{"2026/03/01 02:03:04 [error] 8#8: *1 connect() failed (111: Connection refused)", ""},
		{"2026-03-01T02:03:04.5+05:30 pbx systemd[1]: Started asterisk.service - Asterisk PBX.", "20:33:04.5 systemd  Started asterisk.service - Asterisk PBX."},
		{"2026-03-01T02:03:04+0100 pbx systemd[1]: asterisk.service: Main process exited, code=killed, status=9/KILL", "01:03:04 systemd  asterisk.service: Main process exited, code=killed, status=9/KILL"},
		{"2026-03-01T02:03:04Z pbx kernel: e1000e 0000:00:1f.6 eth0: NIC Link is Down", "02:03:04 kernel  e1000e 0000:00:1f.6 eth0: NIC Link is Down"},
		{`{"at":"2026-03-01T02:03:04.567Z","level":"WARN","by":"watch","message":"the peer is degraded","attrs":{"was":"healthy","isolated":"false","why":"Its host answers."}}`,
			"02:03:04.567 hotpair WARN the peer is degraded: Its host answers. (was healthy)"},
		{`{"at":"2026-03-01T02:03:04.567Z","level":"INFO","by":"apply","message":"applied by hand","attrs":{"result":"done"}}`, "02:03:04.567 hotpair apply INFO applied by hand (result done)"},
	} {
		log := open(t, test.line+"\n2026-03-01 00:00:00\n", How{})
		list, err := all(t.Context(), log)
		must(t, err)
		got := ""
		for _, e := range list {
			got = fmt.Sprintf("%s %s %s %s", e.At.UTC().Format("15:04:05.999999999"), e.From, e.Level, e.Text)
		}
		if got != test.want {
			t.Errorf("%s\n got %q\nwant %q", test.line, got, test.want)
		}
		if log.Lines != 2 {
			t.Errorf("%s: %+v", test.line, log.Counts)
		}
	}
}

func TestADateWithoutAYearIsTheLastThatCanBe(t *testing.T) {
	for _, test := range []struct{ modified, line, want string }{
		{"2026-01-02", "Dec 31 23:00:00", "2025-12-31"},
		{"2026-01-02", "Jan  2 23:00:00", "2026-01-02"}, // within a day, by a clock or a zone that is off
		{"2026-01-02", "Jan  4 23:00:00", "2025-01-04"},
		{"2026-03-02", "Feb 29 12:00:00", "2024-02-29"},
		{"2103-03-02", "Feb 29 12:00:00", "2096-02-29"},
		{"2026-03-02", "Feb 30 12:00:00", ""},
	} {
		modified, err := time.Parse(time.DateOnly, test.modified)
		must(t, err)
		c := calendar{zone: time.UTC, latest: modified}
		l, ok := c.syslog(test.line + " pbx x: y")
		if got := l.at.Format(time.DateOnly); ok != (test.want != "") || ok && (got != test.want || !c.yearless || !c.zoneless) {
			t.Errorf("%s in a file of %s: %v %s", test.line, test.modified, ok, got)
		}
	}
}

func TestATimeWithoutAZoneIsOneOfThisNode(t *testing.T) {
	c := calendar{zone: paris(t), latest: spring}
	for _, test := range []struct{ line, want string }{
		{"2026-07-01 12:00:00 x", "2026-07-01T10:00:00Z"}, // summer time
		{"2026-01-01 12:00:00 x", "2026-01-01T11:00:00Z"},
		{"2026-01-01 12:00:00 UTC x", "2026-01-01T12:00:00Z"},
		{"2026-01-01T12:00:00-03:30 x", "2026-01-01T15:30:00Z"},
	} {
		if at, _, ok := c.iso(test.line); !ok || at.UTC().Format(time.RFC3339) != test.want {
			t.Errorf("%s is %v, want %s", test.line, at, test.want)
		}
	}
	for _, text := range []string{"2026-13-01 12:00:00", "2026-02-30 12:00:00", "2026-02-01 25:00:00", "2026-02-01 12:00:60", "12:00:00"} {
		if at, _, ok := c.iso(text); ok {
			t.Errorf("%s is %v", text, at)
		}
	}
}

func TestSeveralLogsAreOneStory(t *testing.T) {
	var text strings.Builder
	zip := gzip.NewWriter(&text)
	fmt.Fprint(zip, "Mar  1 03:00:02 a xivocc-ha: third\nMar  1 03:00:00 a xivocc-ha: first\n\nMar  1 03:00:09 a xivocc-ha: late\n")
	must(t, zip.Close())
	syslog := open(t, text.String(), How{Span: Span{Until: time.Date(2026, 3, 1, 2, 0, 5, 0, time.UTC)}})
	python := open(t, "2026-03-01 03:00:01,000 [1] (INFO) (x): Updating resilience state, from: False to: True\nTraceback\n  File\n", How{})
	own := List{{At: time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC), Text: "own"}, {At: time.Date(2026, 3, 1, 2, 0, 3, 0, time.UTC), Text: "last"}}
	list, err := all(t.Context(), &own, syslog, python)
	must(t, err)
	var texts []string
	for _, e := range list {
		texts = append(texts, e.Text)
	}
	if diff := cmp.Diff([]string{"own", "first", "Updating resilience state, from: False to: True", "third", "last"}, texts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Counts{Lines: 3, Told: 3, Zoneless: true, Yearless: true}, syslog.Counts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Counts{Lines: 3, Told: 1, Timeless: 2, Zoneless: true}, python.Counts); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoLogIsAnError(t *testing.T) {
	for _, test := range []struct {
		text string
		how  How
		want string
	}{
		{"hello\nworld\n", How{}, "x.log:1: no line of it begins with a time that is known: see --as"},
		{strings.Repeat("\x00\xff", 1<<20), How{}, "x.log:1: no line"},
		{"Mar  1 03:00:02 a xivocc-ha: x\n", How{As: "nginx"}, "x.log:1: no line"},
		{"\x1f\x8bnonsense", How{}, "x.log: gzip: invalid header"},
	} {
		log, err := Open(File{Name: "x.log", Modified: spring, In: strings.NewReader(test.text)}, test.how)
		if err == nil {
			_, err = all(t.Context(), log)
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.20q: %v", test.text, err)
		}
	}
	if list, err := all(t.Context(), open(t, "\n\n", How{})); err != nil || list != nil {
		t.Errorf("an empty log: %v, %v", list, err)
	}
}

func TestATornArchiveIsAnErrorWithItsLine(t *testing.T) {
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	for n := range 10000 {
		fmt.Fprintf(zip, "Mar  1 03:00:02 a xivocc-ha: %d\n", n*n)
	}
	must(t, zip.Close())
	_, err := all(t.Context(), open(t, b.String()[:b.Len()/2], How{}))
	if err == nil || !strings.HasPrefix(err.Error(), "x.log:") || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v", err)
	}
}

// endless is a log without an end, or a line without one.
type endless struct {
	text string
	left int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left--; e.left < 0 {
		return 0, io.EOF
	}
	return copy(p, strings.Repeat(e.text, len(p)/len(e.text)+1)[:len(p)/len(e.text)*len(e.text)]), nil
}

func TestHugeLinesTakeLittleMemory(t *testing.T) {
	const line = "Mar  1 03:00:02 a xivocc-ha: "
	in := io.MultiReader(strings.NewReader(line), &endless{text: "x", left: 4 << 10}, strings.NewReader("\n"+line+"next\n"))
	log, err := Open(File{Name: "x.log", Modified: spring, In: in}, How{Zone: time.UTC})
	must(t, err)
	list, err := all(t.Context(), log)
	must(t, err)
	if len(list) != 2 || len(list[0].Text) > longest || list[1].Text != "next" || list[1].Line != 2 {
		t.Errorf("%d entries", len(list))
	}
}

func TestAnEndlessLogCanBeInterrupted(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	log, err := Open(File{Name: "x.log", Modified: spring, In: &endless{text: "Mar  1 03:00:02 a sshd: x\n", left: 1 << 40}}, How{Zone: time.UTC})
	must(t, err)
	if _, err := all(ctx, log); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// Whatever a log holds, no entry can forge a line or steer a terminal, and those of
// a small log are in order.
func FuzzLog(f *testing.F) {
	for _, seed := range []string{
		"Mar  1 03:00:02 a xivocc-ha: x\x1b[2J\nFeb 29 03:00:02 a b: c\n",
		"2026-03-01 02:03:04,567 [12] (INFO) (x): Updating resilience state, from: False to: True\r\n",
		"2026/03/01 02:03:04 [warn] 1#1: *1 upstream server temporarily disabled\n2026/02/01 02:03:04 x\n",
		"c | 2026-03-01T02:03:04.123456789Z Destination down\n",
		`{"log":"Destination up\nlevel=ERROR","time":"2026-03-01T02:03:04Z"}`,
		`{"at":"2026-03-01T02:03:04Z","level":"\u001b","by":"\u202e","message":"\n","attrs":{"\n":"\u0007"}}`,
		"2026-03-01T02:03:04.5+05:30 pbx kernel: Link is down\x00", "\x1f\x8b\x08",
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, every bool) {
		log, err := Open(File{Name: "x.log", Modified: spring, In: strings.NewReader(text)}, How{Zone: time.UTC, All: every})
		if err != nil {
			return
		}
		list, err := all(t.Context(), log)
		for i, e := range list {
			for _, s := range []string{e.From, e.Level, e.Text} {
				if at := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }); at >= 0 {
					t.Fatalf("%q", s)
				}
			}
			if i > 0 && len(list) <= windowSize && e.At.Before(list[i-1].At) {
				t.Fatalf("%v before %v", list[i-1].At, e.At)
			}
		}
		if c := log.Counts; err == nil && (c.Told+c.Timeless > c.Lines || !every && int64(len(list)) != c.Told) {
			t.Fatalf("%d entries, %+v", len(list), c)
		}
	})
}
