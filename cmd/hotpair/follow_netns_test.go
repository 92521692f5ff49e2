package main

import (
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/netns"
)

func v4(n *netns.Node) netip.Addr { return n.V4 }
func v6(n *netns.Node) netip.Addr { return n.V6 }

// What an administrator would otherwise do by hand, each in its turn.
func TestAPairOnANetwork(t *testing.T) {
	w := newWired(t, v4)
	w.standby.watch()
	w.master.watch()
	w.first()
	w.partition()
	w.oneWay()
	w.restarts()
	w.killed()
	w.active()
	w.rescheduled()
}

func (w *wired) first() {
	w.master.soon("the stock jobs are taken over", func() bool { return w.master.get("etc/cron.d/xivo-ha-master") == absent })
	w.master.soon("told", func() bool { return strings.Contains(w.master.log.String(), "what=database") })
	fmt.Println(w.master.run("status"))
	var lags []time.Duration
	for i := range 5 {
		lags = append(lags, w.edit(fmt.Sprint("edit-", i)))
	}
	slices.Sort(lags)
	w.Logf("a row: median %s of %v", lags[2], lags)
	w.Logf("a file: %s", w.file("one.wav"))
}

func (w *wired) show(what string) {
	fmt.Println("==== " + what)
	fmt.Println(w.master.log.String()[len(w.seen):])
	w.seen = w.master.log.String()
	fmt.Println(w.master.run("status"))
	fmt.Println(w.master.get("var/log/mail.log"))
}

func (w *wired) act(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *wired) partition() {
	w.show("before")
	w.act(w.standby.net.Lose(netns.Loss{In: 100, Out: 100}))
	w.master.sql("UPDATE userfeatures SET lastname = 'parted' WHERE id = 7")
	w.master.put(moh+"/parted.wav", "parted")
	time.Sleep(cutLasts())
	w.show("parted")
	w.act(w.standby.net.Lose(netns.Loss{}))
	began := time.Now()
	w.master.soon("parted row", func() bool { return w.arrived("parted") })
	w.Logf("row after healing: %s", time.Since(began))
	w.master.soon("parted file", func() bool { return w.standby.get(moh+"/parted.wav") == "parted" })
	w.Logf("file after healing: %s", time.Since(began))
	time.Sleep(2 * time.Second)
	w.show("healed")
}

func cutLasts() time.Duration {
	if os.Getenv("HOTPAIR_TORTURE") != "" {
		return time.Minute
	}
	return 20 * time.Second
}

func (w *wired) oneWay() {
	for _, l := range []netns.Loss{{In: 100}, {Out: 100}, {In: 20, Out: 20}} {
		w.act(w.standby.net.Lose(l))
		name := fmt.Sprintf("loss-%d-%d", l.In, l.Out)
		w.master.sql("UPDATE userfeatures SET lastname = '" + name + "' WHERE id = 7")
		time.Sleep(cutLasts() / 2)
		if l.In == 100 || l.Out == 100 {
			w.act(w.standby.net.Lose(netns.Loss{}))
		}
		w.Logf("%s: %s", name, w.master.soon(name, func() bool { return w.arrived(name) }))
		w.act(w.standby.net.Lose(netns.Loss{}))
		w.show(name)
	}
}

func (w *wired) restarts() {
	w.must(w.sshd.Close())
	w.master.sql("UPDATE userfeatures SET lastname = 'no-sshd' WHERE id = 7")
	w.master.put(moh+"/nosshd.wav", "x")
	time.Sleep(8 * time.Second)
	w.show("no sshd")
	w.listen(w.options)
	w.Logf("sshd: %s", w.master.soon("sshd", func() bool { return w.arrived("no-sshd") }))
	w.Logf("sshd file: %s", w.master.soon("sshd", func() bool { return w.standby.get(moh+"/nosshd.wav") == "x" }))
	time.Sleep(2 * time.Second)
	w.show("sshd again")
	w.must(w.standby.database.Stop())
	w.master.sql("UPDATE userfeatures SET lastname = 'no-pg' WHERE id = 7")
	time.Sleep(12 * time.Second)
	w.show("no standby pg")
	w.must(w.standby.database.Restart(w.Context()))
	w.Logf("pg: %s", w.master.soon("pg", func() bool { return w.arrived("no-pg") }))
	time.Sleep(2 * time.Second)
	w.show("standby pg again")
	w.must(w.master.database.Stop())
	time.Sleep(7 * time.Second)
	w.show("no master pg")
	w.must(w.master.database.Restart(w.Context()))
	w.Logf("master pg: %s", w.edit("master-pg"))
	w.show("master pg again")
}

func (w *wired) killed() {
	w.must(w.master.daemon.Process.Kill())
	_ = w.master.daemon.Wait()
	w.master.sql("UPDATE userfeatures SET lastname = 'killed' WHERE id = 7")
	w.master.put(moh+"/killed.wav", "x")
	w.seen = ""
	w.master.watch()
	w.Logf("killed: %s", w.master.soon("killed", func() bool { return w.arrived("killed") && w.standby.get(moh+"/killed.wav") == "x" }))
	w.show("killed")
}

func (w *wired) active() {
	w.must(os.Remove(w.standby.dir + "/var/lib/wazo/disabled"))
	w.master.sql("UPDATE userfeatures SET lastname = 'while-active' WHERE id = 7")
	w.master.put(moh+"/active.wav", "x")
	w.standby.sql("UPDATE userfeatures SET firstname = 'own' WHERE id = 8")
	time.Sleep(12 * time.Second)
	w.show("active")
	if w.arrived("while-active") {
		w.Error("an active standby was written")
	}
	w.standby.put("var/lib/wazo/disabled", "")
	w.master.soon("waits", func() bool { return strings.Contains(w.master.log.String(), "rows of its own") })
	w.show("passive again")
	fmt.Println(w.master.run("replicate", "database", "--allow", "overwrite"))
	w.Logf("allowed %s", w.master.soon("allowed", func() bool { return w.arrived("while-active") }))
	time.Sleep(6 * time.Second)
	w.show("allowed")
	w.edit("after-consent")
	w.show("after consent")
}

func (w *wired) rescheduled() {
	w.master.put("etc/hotpair/ha.d/schedule.hcl", "replication {\n  schedule = \"0 4 * * *\"\n}\n")
	time.Sleep(3 * time.Second)
	w.show("rescheduled")
	fmt.Println(w.master.run("history", "-n", "100"))
	fmt.Println(w.standby.log)
}

// edit changes a row on the master and waits for it on the standby.
func (w *wired) edit(name string) time.Duration {
	w.Helper()
	w.master.sql("UPDATE userfeatures SET lastname = '" + name + "' WHERE id = 7")
	return w.master.soon(name, func() bool { return w.arrived(name) })
}

func (w *wired) arrived(name string) bool {
	return w.standby.sql("SELECT lastname FROM userfeatures WHERE id = 7") == name
}

// file writes a file on the master and waits for it on the standby.
func (w *wired) file(name string) time.Duration {
	w.Helper()
	w.master.put(moh+"/"+name, name)
	return w.master.soon(name, func() bool { return w.standby.get(moh+"/"+name) == name })
}
