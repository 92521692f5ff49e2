package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/replicate/when"
)

// teller is a telling, and what it said.
type teller struct {
	box
	*telling
	log *strings.Builder
}

func newTeller(b box) *teller {
	b.t.Helper()
	t := &teller{box: b, log: &strings.Builder{}}
	log, err := newLogger(t.log, "info", "text", false)
	b.must(err)
	h, err := host.Open(b.dir)
	b.must(err)
	b.t.Cleanup(func() { h.Close() })
	t.telling = newTelling(&app{log: log}, h)
	t.all = "database and files"
	return t
}

func tellerBox(t *testing.T) box {
	b := newBox(t, "wazo")
	b.put("usr/sbin/sendmail", mailer)
	b.must(os.Chmod(b.dir+"/usr/sbin/sendmail", 0o755))
	b.put("run/hotpair/.keep", "")
	return b
}

// hear hands on entries, and insists on the number of warnings, ends and mails
// so far.
func (t *teller) hear(warnings, ends, mails int, entries ...replicate.Entry) {
	t.t.Helper()
	for _, e := range entries {
		t.entry(t.t.Context(), e)
	}
	said := t.log.String()
	if w, e, m := strings.Count(said, "level=WARN"), strings.Count(said, "replicated again"), strings.Count(t.get("var/log/mail.log"), "sendmail"); w != warnings || e != ends || m != mails {
		t.t.Errorf("%d warnings, %d ends, %d mails, not %d, %d, %d:\n%s", w, e, m, warnings, ends, mails, said)
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
	b := tellerBox(t)
	m := newTeller(b)
	m.hear(1, 0, 1, fails(database, "locked"), fails(database, "locked"))
	m.hear(2, 0, 1, fails(database, "full"), fails(database, "locked"), fails(database, "full"))
	m.hear(2, 0, 1, good(files))
	m.hear(2, 1, 2, good(database), good(database))
	// a peer that is not reached is one trouble
	m.hear(3, 1, 3, away(files, "broke off"), away(database, "no answer"), away(files, "refused"))
	m.contains(m.log.String(), `what="database and files" error="broke off"`)
	m.hear(3, 1, 3, good(files))
	again := newTeller(b) // a daemon that is started meanwhile
	again.hear(1, 0, 3, away(database, "no answer"))
	again.hear(1, 1, 4, good(database), good(files))
	// single files mend no whole run
	one := replicate.Entry{What: files, Result: replicate.Copied, Single: true}
	again.hear(2, 1, 5, fails(files, "guard"), one, fails(files, "guard"))
	again.hear(2, 2, 6, good(files), one)
	again.contains(again.get("var/log/mail.log"), "the database is not replicated", "the database and files are replicated again", "the files are not replicated", "It failed with: guard")
}

func TestWhatIsKnownIsNotToldAgain(t *testing.T) {
	t.Parallel()
	m := newTeller(tellerBox(t))
	e := replicate.Entry{What: replicate.FilesName, Result: replicate.Copied, Warnings: []string{"a directory is missing"}, Notes: []string{"a row was kept"}}
	m.hear(0, 0, 0, e, e)
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
