package main

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/netns"
	"github.com/hotpair/hotpair/resources/peer"
)

func v4(n *netns.Node) netip.Addr { return n.V4 }

// A pair replicates with no operator, whatever comes in between. One pair goes
// through all of it, since making one takes longest.
func TestAPairOnANetwork(t *testing.T) {
	t.Parallel()
	w := newWired(t, v4)
	w.standby.watch()
	w.master.watch()
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"first", w.first}, {"partition", w.partition}, {"one way", w.oneWay}, {"sshd and the daemon restart", w.withoutSSHD}, {"databases restart", w.withoutDatabases},
		{"the standby is active", w.active}, {"other schedules", w.rescheduled}, {"IPv6", w.sixth},
	} {
		w.fresh()
		began := time.Now()
		step.do()
		t.Logf("%s took %s:\n%s%s", step.name, time.Since(began).Round(time.Millisecond), w.said(), w.master.run("status"))
	}
	w.master.contains(w.master.run("replicate", "--verify"), "database: equal by content", "files: equal by content")
}

func (w *wired) first() {
	w.master.soon("the stock jobs are taken over", func() bool { return w.master.get("etc/cron.d/xivo-ha-master") == absent })
	w.standby.soon("the stock master check is taken over", func() bool { return w.standby.get(stockCheck) == absent })
	w.hears("msg=replicated what=database") // an edit before that would be taken for the standby's own
	var lags []time.Duration
	for i := range edits() {
		lags = append(lags, w.edit(fmt.Sprint("edit-", i)))
	}
	w.Logf("lag of a row: median %s of %v; of a file: %s", median(lags), lags, w.file("first.wav"))
	w.quiet()
}

// partition is one that begins while a file is sent and rows are edited.
func (w *wired) partition() {
	w.master.put(moh+"/large.wav", strings.Repeat("large", 4<<20))
	time.Sleep(400 * time.Millisecond)
	w.lose(netns.Loss{In: 100, Out: 100})
	w.rows("parted")
	w.master.put(moh+"/parted.wav", "parted.wav")
	time.Sleep(cutFor())
	if got := w.standby.get(moh + "/large.wav"); got != absent && len(got) != 20<<20 {
		w.Errorf("there is a part of a file: %d bytes", len(got))
	}
	w.lose(netns.Loss{})
	healed := time.Now()
	w.arrives("parted")
	w.Logf("after healing, a row: %s", time.Since(healed))
	w.filesArrive("parted.wav")
	w.master.soon("the large file", func() bool { return len(w.standby.get(moh+"/large.wav")) == 20<<20 })
	w.Logf("and files: %s", time.Since(healed))
	w.once("the connection to the peer")
}

// edits is how many lags are measured.
func edits() int {
	if os.Getenv("HOTPAIR_TORTURE") != "" {
		return 21
	}
	return 3
}

// cutFor is how long a partition lasts: long enough for the link to be given up.
func cutFor() time.Duration {
	if os.Getenv("HOTPAIR_TORTURE") != "" {
		return time.Minute
	}
	return 20 * time.Second
}

// oneWay loses what comes, what goes, and some of both. The link survives what
// is short.
func (w *wired) oneWay() {
	for i, l := range []netns.Loss{{In: 100}, {Out: 100}, {In: 20, Out: 20}} {
		w.lose(l)
		w.rows(fmt.Sprint("loss-", i))
		time.Sleep(cutFor() / 10)
		if l.In == 100 || l.Out == 100 {
			w.lose(netns.Loss{})
		}
		w.arrives(fmt.Sprint("loss-", i))
		w.lose(netns.Loss{})
	}
}

// withoutSSHD has sshd end, and the daemon be killed and started meanwhile.
func (w *wired) withoutSSHD() {
	w.must(w.sshd.Close())
	w.rows("no-sshd")
	w.master.put(moh+"/no-sshd.wav", "no-sshd.wav")
	w.master.soon("root is mailed", func() bool { return strings.Contains(w.mails()[w.mailed:], "not replicated") })
	w.master.soon("that is remembered", func() bool { return strings.Contains(w.master.run("alert", "list"), "knows of replication_failed") })
	w.must(w.master.daemon.Process.Kill())
	_ = w.master.daemon.Wait()
	w.master.watch()
	w.seen = 0
	w.hears("not replicated")
	w.listen(w.options)
	w.arrives("no-sshd")
	w.filesArrive("no-sshd.wav")
	w.once("")
}

func (w *wired) withoutDatabases() {
	w.must(w.standby.database.Stop())
	w.rows("no-database")
	w.hears("PostgreSQL")
	w.file("without-database.wav")
	w.must(w.standby.database.Restart(w.Context()))
	w.must(w.master.database.Stop())
	w.must(w.master.database.Restart(w.Context()))
	w.arrives("no-database")
	w.hears("replicated again")
	w.edit("restarted")
}

// active has the standby take over, and become passive again with rows of its
// own.
func (w *wired) active() {
	w.must(os.Remove(w.standby.dir + "/var/lib/wazo/disabled"))
	time.Sleep(3 * time.Second) // it notices within one
	w.rows("while-active")
	w.master.put(moh+"/active.wav", "active.wav")
	w.standby.sql("UPDATE userfeatures SET firstname = 'own' WHERE id = 20")
	w.hears("its services are active")
	time.Sleep(6 * time.Second) // it is tried again
	if got := w.standby.sql(theRows); got == "while-active" || w.standby.get(moh+"/active.wav") != absent {
		w.Error("an active standby was written")
	}
	if n := strings.Count(w.said(), "not replicated"); n != 1 {
		w.Errorf("it is told %d times", n)
	}
	w.standby.put("var/lib/wazo/disabled", "")
	w.hears("made or changed on the standby since")
	w.filesArrive("active.wav")
	w.master.contains(w.master.run("status"), "hotpair replicate database --allow overwrite")
	if w.standby.sql("SELECT firstname FROM userfeatures WHERE id = 20") != "own" {
		w.Error("a row of the standby's own is gone")
	}
	w.master.run("replicate", "database", "--allow", "overwrite")
	w.arrives("while-active")
	w.hears("replicated again\" what=database")
}

// rescheduled edits ha.hcl: what ran by the old one has ended.
func (w *wired) rescheduled() {
	w.file("before.wav")
	files, processes := w.open()
	for range 3 {
		w.master.put("etc/hotpair/ha.d/schedule.hcl", "replication {\n  schedule = \"0 4 * * *\"\n}\n")
		w.hears("0 4 * * *")
		w.fresh()
		w.master.put("etc/hotpair/ha.d/schedule.hcl", "replication {\n  schedule = \"on_change\"\n}\n")
		w.hears("database=on_change")
		w.edit(fmt.Sprint("schedule-", len(w.said())))
		w.fresh()
	}
	w.file("rescheduled.wav")
	w.master.soon("the daemon holds what it held before, when no run goes on", func() bool {
		now, left := w.open()
		return now < files+3 && left <= processes
	})
}

// sixth has the nodes use their other addresses.
func (w *wired) sixth() {
	o := w.options
	o.Address = netip.AddrPortFrom(w.standby.net.V6, 22)
	key, err := w.sshd.HostKey()
	w.must(err)
	w.must(w.sshd.Close())
	w.listen(o)
	w.standby.put("etc/hotpair/ha.d/peer.hcl", fmt.Sprintf("peer {\n  address = %q\n}\n", w.master.net.V6))
	w.standby.soon("the standby follows", func() bool { return strings.Contains(w.standby.get("etc/xivo/ha.conf"), "fd77::1") })
	w.standby.run("authorize", "--remove")
	w.master.put("etc/hotpair/ha.d/peer.hcl", fmt.Sprintf("peer {\n  address = %q\n  ssh {\n    host_key = %q\n  }\n}\n", w.standby.net.V6, key))
	w.master.contains(w.master.run("init"), "The channel to the peer works.")
	w.standby.contains(w.standby.get(peer.AuthorizedKeys), `restrict,from="fd77::1"`)
	w.edit("sixth")
	w.file("sixth.wav")
}
