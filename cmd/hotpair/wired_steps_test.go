package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/netns"
	"github.com/hotpair/hotpair/cmd/pairbox/process"
)

const theRows = "SELECT string_agg(DISTINCT lastname, ', ') FROM userfeatures WHERE id IN (7, 8, 9)"

// rows edits rows on the master, all in one transaction.
func (w *wired) rows(name string) {
	w.Helper()
	w.master.sql("UPDATE userfeatures SET lastname = '" + name + "' WHERE id IN (7, 8, 9)")
}

// arrives waits for edited rows on the standby, of which never some are there
// without the others.
func (w *wired) arrives(name string) time.Duration {
	w.Helper()
	return w.master.soon("the rows of "+name, func() bool {
		now := w.standby.sql(theRows)
		if w.edited && strings.Contains(now, ",") {
			w.Errorf("the standby has a part of an edit: %s", now)
		}
		w.edited = w.edited || now == name
		return now == name
	})
}

// edit edits rows and waits for them.
func (w *wired) edit(name string) time.Duration {
	w.Helper()
	w.rows(name)
	return w.arrives(name)
}

// file writes a file on the master and waits for it on the standby.
func (w *wired) file(name string) time.Duration {
	w.Helper()
	w.master.put(moh+"/"+name, name)
	return w.filesArrive(name)
}

func (w *wired) filesArrive(name string) time.Duration {
	w.Helper()
	return w.master.soon("the file "+name, func() bool { return w.standby.get(moh+"/"+name) == name })
}

func (w *wired) lose(l netns.Loss) {
	w.Helper()
	w.must(w.standby.net.Lose(l))
}

// fresh begins another step, once root has heard of the end of what he was mailed:
// what was said before is not looked at any more.
func (w *wired) fresh() {
	w.Helper()
	mailed := func(what string) int {
		return len(regexp.MustCompile(`(?m)^The [a-z ]+ `+what+`\.$`).FindAllString(w.mails(), -1))
	}
	w.master.soon("root is mailed of each end", func() bool { return mailed("not replicated") == mailed("replicated again") })
	w.seen, w.mailed = len(w.master.log.String()), len(w.mails())
}

// mails is what root on the master was mailed.
func (w *wired) mails() string { return strings.TrimPrefix(w.master.get("var/log/mail.log"), absent) }

// said is what the master's daemon said in this step.
func (w *wired) said() string { return w.master.log.String()[w.seen:] }

func (w *wired) hears(text string) {
	w.Helper()
	w.master.soon("the daemon says "+text, func() bool { return strings.Contains(w.said(), text) })
}

// quiet insists that there was no trouble.
func (w *wired) quiet() {
	w.Helper()
	if strings.Contains(w.said(), "level=WARN") || strings.Contains(w.said(), "level=ERROR") {
		w.Errorf("there was trouble:\n%s", w.said())
	}
}

// once insists that a trouble was told once, its end too, and that root had a
// mail of each; and begins anew.
func (w *wired) once(trouble string) {
	w.Helper()
	w.hears("replicated again")
	w.master.soon("root is mailed of the end", func() bool { return strings.Contains(w.mails()[w.mailed:], "replicated again") })
	said, mail := w.said(), w.mails()[w.mailed:]
	warnings, ends := strings.Count(said, "level=WARN"), strings.Count(said, "replicated again")
	if warnings != 1 || ends != 1 || !strings.Contains(said, trouble) {
		w.Errorf("%d warnings and %d ends of %q:\n%s", warnings, ends, trouble, said)
	}
	if n := strings.Count(mail, "sendmail -i root"); n != 2 || !strings.Contains(mail, "not replicated") || !strings.Contains(mail, "replicated again") {
		w.Errorf("root was mailed %d times:\n%s", n, mail)
	}
	w.fresh()
}

// open tells of what the master's daemon holds: its files, and its ssh.
func (w *wired) open() (files, processes int) {
	w.Helper()
	pid := w.master.daemon.Process.Pid
	list, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	w.must(err)
	return len(list), len(process.Children(pid))
}
