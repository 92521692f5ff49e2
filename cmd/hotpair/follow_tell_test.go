package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/replicate/when"
)

// teller is a telling, and what it said.
type teller struct {
	box
	*telling
	log  *strings.Builder
	news int
}

func newTeller(b box) *teller {
	b.t.Helper()
	t := &teller{box: b, log: &strings.Builder{}}
	log, err := newLogger(t.log, "info", "text", false)
	b.must(err)
	t.telling = newTelling(&app{log: log}, func() { t.news++ })
	t.all = "database and files"
	return t
}

// hear hands on entries, and insists on the number of warnings and ends so far,
// each of which is news.
func (t *teller) hear(warnings, ends int, entries ...replicate.Entry) {
	t.t.Helper()
	for _, e := range entries {
		t.entry(t.t.Context(), e)
	}
	said := t.log.String()
	if w, e := strings.Count(said, "level=WARN"), strings.Count(said, "replicated again"); w != warnings || e != ends || t.news != w+e {
		t.t.Errorf("%d warnings, %d ends, %d news, not %d, %d:\n%s", w, e, t.news, warnings, ends, said)
	}
}

func TestATroubleIsToldOnce(t *testing.T) {
	t.Parallel()
	database, files := replicate.DatabaseName, replicate.FilesName
	fails := func(what, why string) replicate.Entry {
		return replicate.Entry{What: what, Result: replicate.Failed, Error: why}
	}
	away := func(what, why string) replicate.Entry {
		return replicate.Entry{What: what, Result: replicate.Failed, Error: why, Away: true, Unreached: true}
	}
	good := func(what string) replicate.Entry { return replicate.Entry{What: what, Result: replicate.Copied} }
	m := newTeller(newBox(t, "wazo"))
	m.hear(1, 0, fails(database, "locked"), fails(database, "locked"))
	m.hear(2, 0, fails(database, "full"), fails(database, "locked"), fails(database, "full"))
	m.hear(2, 0, good(files))
	m.hear(2, 1, good(database), good(database))
	// a peer that is not reached is one trouble
	m.hear(3, 1, away(files, "broke off"), away(database, "no answer"), away(files, "refused"))
	m.contains(m.log.String(), `what="database and files" error="broke off"`)
	m.hear(3, 1, good(files))
	if got := fmt.Sprint(m.failing()); got != "map[database:broke off]" {
		t.Error(got)
	}
	m.hear(3, 2, good(database), good(files))
	if len(m.failing()) != 0 {
		t.Error(m.failing())
	}
	// single files mend no whole run
	one := replicate.Entry{What: files, Result: replicate.Copied, Single: true}
	m.hear(4, 2, fails(files, "guard"), one, fails(files, "guard"))
	m.hear(4, 3, good(files), one)
}

func TestWhatIsKnownIsNotToldAgain(t *testing.T) {
	t.Parallel()
	m := newTeller(newBox(t, "wazo"))
	e := replicate.Entry{What: replicate.FilesName, Result: replicate.Copied, Warnings: []string{"a directory is missing"}, Notes: []string{"a row was kept"}}
	m.hear(0, 0, e, e)
	if said := m.log.String(); strings.Count(said, "is missing") != 1 || strings.Count(said, "was kept") != 2 {
		t.Error(said)
	}
}

func TestRetriesComeSoonButCostLittle(t *testing.T) {
	t.Parallel()
	var away, other []time.Duration
	for times := 1; times <= 8; times++ {
		away, other = append(away, retryIn(times, true)/time.Second), append(other, retryIn(times, false)/time.Second)
	}
	if got := fmt.Sprint(away, other); got != "[5ns 10ns 20ns 40ns 60ns 60ns 60ns 60ns] [5ns 10ns 20ns 40ns 0s 0s 0s 0s]" {
		t.Error(got)
	}
	var prodded []string
	r := newRetries(func(job string) { prodded = append(prodded, job) })
	defer r.end()
	gone := fmt.Errorf("files: %w", &replicate.Away{Err: errors.New("gone")})
	r.after("files", gone)
	r.after("changes", gone)
	r.after("database", errors.New("full"))
	if len(prodded) != 2 {
		t.Errorf("who did not reach the peer is not tried once another did: %q", prodded)
	}
	if r.why("files", when.Change) != "retry" || r.why("files", when.Schedule) != "schedule" || r.why("other", when.Change) != "change" {
		t.Error("the reason")
	}
	prodded = nil
	r.after("files", nil)
	r.after("changes", nil)
	r.after("database", nil)
	if len(prodded) != 1 || prodded[0] != "changes" || len(r.failed) != 0 {
		t.Errorf("%q, %v", prodded, r.failed)
	}
}
