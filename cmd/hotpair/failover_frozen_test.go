package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
)

// frozen is a standby whose machine stands still, and goes on beside a master that
// is well.
func frozen(l *lan, f *finding) {
	l.standby.freeze(l.pace.frozen)
	f.reason = l.standby.stands().Reason
	l.stays(l.pace.degraded, "nothing happens", func() bool { return l.told("", "") })
	l.quiet("", "")
}

// frozenAndAlone is one whose master died meanwhile: it has not watched that, and
// begins to when it wakes.
func frozenAndAlone(l *lan, f *finding) {
	died := make(chan struct{})
	go func() {
		defer close(died)
		time.Sleep(l.pace.frozen / 4)
		l.master.powerOff()
	}()
	l.standby.freeze(l.pace.frozen)
	<-died
	woke := time.Now()
	f.takesOver(l, woke, l.pace.dead())
	if waited := l.standby.stands().Since.Sub(woke); waited < l.pace.unreachable-look {
		l.Errorf("it took over %s after it woke, sooner than after %s", waited, l.pace.unreachable)
	}
	l.called("start", "")
	l.master.powerOn()
	l.givesBack()
	l.quiet("start stop", "")
}

// crowded is a standby whose /var/lib/hotpair is a file system of its own.
func crowded() lanOptions {
	return lanOptions{prelude: "S=$D/var/lib/hotpair; cp -a $S $S.was; mount -t tmpfs -o size=256k tmpfs $S; cp -a $S.was/. $S; "}
}

// allElseBroken is a standby whose provisioning daemon hangs, whose tables are
// locked, whose disk is full and whose ha.hcl is broken, in this order: then its
// master dies.
func allElseBroken(l *lan, f *finding) {
	l.hangs()
	l.locks()
	l.standby.put("etc/hotpair/ha.d/more.hcl", `provisioning {
  enabled = true
  url     = "http://127.0.0.1:8666/0.2"
  token   = "x"
}
database {
  enabled = true
}
`)
	l.within(10*time.Second, "the new file is in force", func() bool {
		return strings.Contains(l.standby.get("run/hotpair/watch.json"), "8666")
	})
	l.fills()
	l.standby.put("etc/hotpair/ha.d/broken.hcl", "node {\n")
	l.within(10*time.Second, "the broken file is told of", func() bool {
		return strings.Contains(l.standby.log.String(), "ha.hcl cannot be used")
	})
	l.loses(f)
	l.called("start", "")
	l.master.powerOn()
	l.givesBack()
	l.quiet("start stop", "")
}

// hangs has the standby's provisioning daemon take connections, and say nothing.
func (l *lan) hangs() {
	l.Helper()
	var listener net.Listener
	l.must(l.standby.net.Enter(func() (err error) {
		listener, err = net.Listen("tcp", "127.0.0.1:8666")
		return err
	}))
	l.Cleanup(func() { listener.Close() })
}

// locks locks tables of the standby's database.
func (l *lan) locks() {
	l.Helper()
	const hba = "etc/postgresql/15/main/pg_hba.conf"
	l.standby.put(hba, strings.ReplaceAll(l.standby.get(hba), "peer\n", "trust\n"))
	conn := boxtest.Database(l, boxtest.Postgres(l, postgres.Options{Dir: l.standby.dir}), "asterisk")
	_, err := conn.Exec(l.Context(), "CREATE TABLE tenant (); CREATE TABLE staticsip (); CREATE TABLE endpoint_sip (); BEGIN; LOCK tenant, staticsip, endpoint_sip")
	l.must(err)
}

// fills fills the file system of the standby's /var/lib/hotpair, as the daemon
// sees it.
func (l *lan) fills() {
	l.Helper()
	file, err := os.Create(filepath.Join("/proc", fmt.Sprint(l.standby.daemon.Process.Pid), "root", l.standby.dir, "var/lib/hotpair/full"))
	l.must(err)
	defer file.Close()
	for err == nil {
		_, err = file.Write(make([]byte, 4<<10))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		l.Fatal(err)
	}
}
