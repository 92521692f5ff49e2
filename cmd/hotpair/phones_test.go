package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	emulated "github.com/hotpair/hotpair/cmd/pairbox/provd"
)

// phoneBox is a node with phones.
type phoneBox struct {
	box
	server *emulated.Server
	base   string
}

func newPhoneBox(t *testing.T, phones int) *phoneBox {
	t.Helper()
	return newPhoneBoxOf(t, emulated.Seeding{Phones: phones, Own: "10.0.0.1"})
}

func newPhoneBoxOf(t *testing.T, seed emulated.Seeding) *phoneBox {
	t.Helper()
	b := &phoneBox{box: newBox(t, "wazo")}
	data := t.TempDir()
	b.must(emulated.Seed(data, seed))
	var err error
	b.server, err = emulated.New(emulated.Options{Dir: data, ServiceID: "hotpair", ServiceKey: "the-service-key"})
	b.must(err)
	t.Cleanup(func() { b.server.Close() })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	b.must(err)
	b.base = l.Addr().String()
	b.must(l.Close())
	b.put("var/lib/wazo-auth-keys/hotpair-key.yml", "service_id: hotpair\nservice_key: the-service-key\n")
	return b
}

func (b *phoneBox) listen() {
	b.t.Helper()
	_, err := b.server.Listen(b.base)
	b.must(err)
}

func (b *phoneBox) provisioning() string {
	return fmt.Sprintf("provisioning {\n  url = \"http://%s/0.2\"\n  auth {\n    url = \"http://%s/auth/0.1\"\n  }\n}\n", b.base, b.base)
}

func (b *phoneBox) documents() string {
	b.t.Helper()
	text, err := json.Marshal(b.server.Configs())
	b.must(err)
	return string(text)
}

func TestAStandbyThatBecomesMasterTellsItsPhonesInOneApply(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 3)
	b.put("var/lib/wazo/disabled", "")
	b.declare("slave", "10.0.0.2", b.provisioning())
	r := b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
	b.contains(r.out, "the provisioning daemon is stopped, as on every standby")
	b.put("var/lib/stub/xivo-manage-slave-services", ": >var/lib/stub/called; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -e var/lib/stub/up ] && break; sleep 0.5; done\n")
	go func() {
		for range 600 {
			if _, err := os.Stat(filepath.Join(b.dir, "var/lib/stub/called")); err == nil {
				b.listen()
				b.put("var/lib/stub/up", "")
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	b.declare("master", "10.0.0.2", b.provisioning())
	r = b.expect(exitOK, "apply", "--auto-approve")
	b.contains(r.out, "done services: update", "done registrar.default: update", "done device: update")
	if n := strings.Count(b.documents(), `"10.0.0.2"`); n != 2+3+2*3 {
		t.Errorf("%d backup addresses", n)
	}
	b.expect(exitOK, "plan", "--detailed-exitcode")
}

func TestAPlanCountsPhonesAndShowsEachOnRequest(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 12)
	b.listen()
	before := b.documents()
	b.declare("master", "10.0.0.2", b.provisioning())
	r := b.expect(exitOK, "plan")
	b.contains(r.out, "~ registrar.default", `backup address      "" → "10.0.0.2"`, `12 phones           "" → "10.0.0.2"`, "? resync phones")
	if n := strings.Count(r.out, "sip_lines"); n != 0 {
		t.Errorf("%d single phones are shown", n)
	}
	if n := strings.Count(b.expect(exitOK, "plan", "--details").out, "sip_lines.1.backup"); n != 26 {
		t.Errorf("%d attributes are shown", n)
	}
	if diff := cmp.Diff(before, b.documents()); diff != "" {
		t.Error(diff)
	}
	b.search(r.out)
}

func TestWatchTellsAFreshPhoneAndOutlivesAnOutageOfProvd(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 3)
	b.listen()
	b.declare("master", "10.0.0.2", b.provisioning(), "watch {\n  interval = \"1s\"\n}\n", "actions {\n  resync = \"auto\"\n  restart = \"auto\"\n}\n")
	w := &watched{box: b.box}
	w.watch()
	b.expect(exitOK, "plan", "--detailed-exitcode")
	b.must(b.server.Change("autoprov", func(d emulated.Document) {
		delete(d["raw_config"].(emulated.Document)["sip_lines"].(emulated.Document)["1"].(emulated.Document), "backup_proxy_ip")
	}))
	id, err := b.server.AutoCreate()
	b.must(err)
	w.eventually("the fresh phone has its backup", func() bool {
		text, _ := json.Marshal(b.server.Configs()[id])
		return strings.Count(string(text), "10.0.0.2") == 3
	})
	w.eventually("it is told", func() bool { return strings.Count(w.log.String(), `done action="resync phones"`) == 2 })
	if strings.Count(w.log.String(), "restart telephony") != 1 {
		t.Error("the telephony services were restarted for no change of role")
	}
	b.server.Set(emulated.Fault{HTML: true})
	w.once("the node is not as it should be")
	b.put("etc/xivo/ha.conf", "{}")
	b.server.Set(emulated.Fault{})
	w.says("the node is as it should be again")
	w.has("etc/xivo/ha.conf", "master")
	if strings.Count(w.log.String(), "restart telephony") != 1 {
		t.Error("the telephony services were restarted for a sentinel")
	}
	b.search(w.log.String())
}

func TestAnApplyKilledBetweenTwoPhonesIsFinishedAndEveryPhoneIsTold(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 40)
	b.listen()
	before := b.documents()
	b.declare("master", "10.0.0.2", b.provisioning())
	for _, nth := range []int64{1, 7, 30} {
		cmd := exec.Command(binary(t), "--root", b.dir, "apply", "--auto-approve", "--allow", "resync")
		var puts atomic.Int64
		started := make(chan *os.Process, 1)
		b.server.BeforePut(func(string) {
			if puts.Add(1) == nth {
				_ = (<-started).Kill()
			}
		})
		b.must(cmd.Start())
		started <- cmd.Process
		if err := cmd.Wait(); err == nil {
			t.Fatalf("it was not killed at document %d", nth)
		}
	}
	b.server.BeforePut(nil)
	b.server.Forget()
	b.contains(b.expect(exitOK, "apply", "--auto-approve", "--allow", "resync").out, "done resync phones")
	if n := b.server.Count("POST", "/0.2/dev_mgr/synchronize"); n != 40 || b.server.Operations() != 0 {
		t.Errorf("%d phones were told, %d operations are left", n, b.server.Operations())
	}
	b.expect(exitOK, "plan", "--detailed-exitcode")
	b.declare("disabled", "10.0.0.2", b.provisioning())
	b.expect(exitOK, "apply", "--auto-approve", "--allow", "resync")
	if diff := cmp.Diff(before, b.documents()); diff != "" {
		t.Error(diff)
	}
}

func TestATerminalShowsHowFarThePhonesAre(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 30)
	b.listen()
	b.declare("master", "10.0.0.2", b.provisioning())
	out, code := b.terminal("yes\n")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, out)
	}
	b.contains(out, "30 of 30", "[#####", "device: update")
	if strings.Contains(out, "1 of 1") || strings.Contains(b.expect(exitOK, "plan").err, "[#") {
		t.Error("a bar without a terminal")
	}
}
