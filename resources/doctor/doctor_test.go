package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/schema"
)

func bare(role schema.Role) *look {
	return newLook(context.Background(), Env{Config: &schema.Config{Node: schema.Node{Role: role}, Peer: schema.Peer{Address: netip.MustParseAddr("127.0.0.2")}, Platform: schema.Platform{Active: "main", Standby: "standby"}}})
}

func fine(context.Context, *look) verdict { return well("fine") }

// One that hangs, whether it listens or not, is told as such, and the others are
// there at once, in the order of the register.
func TestACheckThatHangsHoldsNoOtherUp(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	ended := make(chan time.Time, 2)
	quick := func(context.Context, *look) verdict { ended <- time.Now(); return well("quick") }
	checks := []Check{
		{Code: "first", look: quick},
		{Code: "deaf", limit: time.Second, look: func(context.Context, *look) verdict { <-release; return well("never") }},
		{Code: "listening", limit: 500 * time.Millisecond, look: func(ctx context.Context, _ *look) verdict {
			<-ctx.Done()
			return unknown(fmt.Errorf("asking: %w", ctx.Err()))
		}},
		{Code: "last", look: quick},
	}
	began := time.Now()
	found := bare(schema.Master).all(t.Context(), checks)
	for range 2 {
		if at := <-ended; at.Sub(began) > 500*time.Millisecond {
			t.Errorf("another one waited for %s", at.Sub(began))
		}
	}
	want := []Finding{
		{Code: "first", Result: Well, Says: "quick"}, {Code: "deaf", Result: Unknown, Says: "no answer in 1 s"},
		{Code: "listening", Result: Unknown, Says: "no answer in 0.5 s"}, {Code: "last", Result: Well, Says: "quick"},
	}
	if !slices.Equal(found, want) {
		t.Errorf("%+v", found)
	}
	if mend, unseen := Amiss(found); mend || !unseen {
		t.Error("what was not seen is something else")
	}
}

func TestAnInterruptedRunEnds(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	found := bare(schema.Master).all(ctx, []Check{{Code: "deaf", look: func(context.Context, *look) verdict { <-release; return well("never") }}})
	if found[0].Result != Unknown {
		t.Errorf("%+v", found)
	}
}

func TestWhatIsNobodysBusinessIsSkipped(t *testing.T) {
	checks := []Check{{Code: "both", look: fine}, {Code: "masters", role: schema.Master, look: fine}, {Code: "peers", peer: true, look: fine}}
	var said []string
	for _, f := range bare(schema.Slave).all(t.Context(), checks) {
		said = append(said, string(f.Result)+" "+f.Says)
	}
	if want := []string{"well fine", "skipped told by the main", "skipped asked with --peer"}; !slices.Equal(said, want) {
		t.Errorf("%q", said)
	}
	if _, err := Run(t.Context(), Env{Config: &schema.Config{Node: schema.Node{Role: schema.Disabled}}}); !errors.Is(err, ErrNoPair) {
		t.Errorf("%v", err)
	}
	if _, err := choose([]string{"clok"}); err == nil || !strings.Contains(err.Error(), `Did you mean "clock"?`) {
		t.Errorf("%v", err)
	}
}

// What several need is looked at once, and nobody waits longer than he may.
func TestWhatIsSharedIsLookedAtOnce(t *testing.T) {
	times, release := 0, make(chan struct{})
	s := share(func(context.Context) (int, error) { times++; <-release; return 7, nil })
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.get(short, t.Context()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if _, had := s.had(); had {
		t.Error("it has what it cannot have yet")
	}
	close(release)
	for range 3 {
		if v, err := s.get(t.Context(), t.Context()); v != 7 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
	}
	if v, had := s.had(); v != 7 || !had || times != 1 {
		t.Errorf("%d, %t, looked %d times", v, had, times)
	}
}

// Codes are stable and speak for themselves; the manual lists each.
func TestEveryCheckIsInTheManual(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	rows := 0
	for _, c := range Checks() {
		if seen[c.Code] || c.Looks == "" || c.Why == "" || c.look == nil || strings.Trim(c.Code, "abcdefghijklmnopqrstuvwxyz-") != "" {
			t.Errorf("%+v", c)
		}
		seen[c.Code] = true
		if strings.Contains(string(text), fmt.Sprintf("\n| `%s` | %s |\n", c.Code, c.Looks)) {
			rows++
			continue
		}
		t.Errorf("README.md lacks\n| `%s` | %s |", c.Code, c.Looks)
	}
	_, table, _ := strings.Cut(string(text), "\n| code | what it checks |\n|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	if n := strings.Count("\n"+table, "\n|"); n != rows {
		t.Errorf("README.md lists %d checks, of which %d are there", n, rows)
	}
}

// What the peer answers may have been written by anybody.
func TestWhatThePeerWritesIsOfNoEffect(t *testing.T) {
	for _, bad := range []string{"", "{}", "[]", "null", `{"hotpair":""}`, `{"hotpair":7}`, strings.Repeat("[", 100000), "\x00", `{"hotpair":"1","findings":{}}`} {
		if _, err := readFacts([]byte(bad), time.Now()); !errors.Is(err, errNoFacts) {
			t.Errorf("%.40q is taken: %v", bad, err)
		}
	}
	f, err := readFacts([]byte(`{"hotpair":"1\u001b[2J","now":"2020-01-01T00:00:00Z","product":{"version":"a\nb"},"findings":[
		{"code":"made-up","result":"mend","says":"x"}, {"code":"clock","result":"splendid","says":"x"}, {"code":"disk-room","node":"other","result":"mend","says":"full\u001b]0;x\u0007\nWell","why":"for fun","mend":"`+"`rm -rf /`"+`\r\n"},
		{"code":"names","result":"skipped","says":"x"}, {"code":"wizard","result":"well","says":"`+strings.Repeat("é", 5000)+`"}]}`), time.Now())
	if err != nil || len(f.Findings) != 2 || f.apart < time.Hour {
		t.Fatalf("%+v, %v", f, err)
	}
	all := fmt.Sprintf("%+v", f)
	if strings.ContainsAny(all, "\x1b\x07\n\r") || strings.Contains(all, "for fun") || len(f.Findings[0].Says) > longest+10 || !strings.Contains(all, "Node:peer") {
		t.Errorf("%.300q", all)
	}
}

func FuzzFacts(f *testing.F) {
	f.Add([]byte(`{"hotpair":"0.1.0","findings":[{"code":"clock","result":"mend","says":"x","mend":"y"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := readFacts(text, time.Now())
		if err != nil {
			return
		}
		for _, found := range got.Findings {
			if strings.ContainsAny(found.Says+found.Mend, "\x1b\n\r\x00") || found.Node != Peer {
				t.Errorf("%+q", found)
			}
		}
	})
}
