package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	emulated "github.com/hotpair/hotpair/cmd/pairbox/provd"
)

const (
	everySecond = "watch {\n  interval = \"1s\"\n}\n"
	consented   = "actions {\n  resync = \"auto\"\n  restart = \"auto\"\n}\n"
)

// talking has a phone in a call.
const talking = "printf 'PJSIP/line00001-0000002a!default!1001\\n'\n"

func (b *phoneBox) told() int { return b.server.Count("POST", "/0.2/dev_mgr/synchronize") }

func TestAPhoneInACallHoldsTheDaemonUpInNothing(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 3)
	b.listen()
	b.put("var/lib/stub/asterisk", talking)
	b.declare("master", "10.0.0.2", b.provisioning(), everySecond, consented)
	w := &watched{box: b.box}
	w.watch()
	w.look()
	w.eventually("two phones are told", func() bool { return b.told() == 2 })
	w.contains(w.expect(exitOK, "status").out, "resync phones")
	b.put("var/lib/stub/asterisk", "")
	w.says(`done action="resync phones"`)
	if b.told() != 3 || strings.Contains(w.log.String(), "WARN") {
		t.Errorf("%d phones were told", b.told())
	}
}

func TestSIGTERMIsHeardDuringAResync(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 40)
	b.listen()
	b.declare("master", "10.0.0.2", strings.Replace(b.provisioning(), "{\n", "{\n  resync_batch = 1\n", 1), consented)
	w := &watched{box: b.box}
	w.start()
	w.eventually("a phone is told", func() bool { return b.told() > 0 })
	b.server.Set(emulated.Fault{Slow: 300 * time.Millisecond})
	w.must(w.cmd.Process.Signal(syscall.SIGTERM))
	w.must(w.cmd.Wait())
	if b.told() > 20 {
		t.Errorf("it told %d phones first", b.told())
	}
	b.server.Set(emulated.Fault{})
	w.watch().says(`done action="resync phones"`)
	if _, err := os.Stat(filepath.Join(b.dir, "var/lib/hotpair/resync.json")); err == nil {
		t.Error("a phone is left")
	}
}

func TestAnApplyThatWaitsForACallIsInterrupted(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 2)
	b.listen()
	b.put("var/lib/stub/asterisk", talking)
	b.declare("master", "10.0.0.2", b.provisioning())
	cmd := exec.Command(binary(t), "--root", b.dir, "apply", "--auto-approve", "--allow", "resync")
	var said bytes.Buffer
	cmd.Stderr = &said
	b.must(cmd.Start())
	w := &watched{box: b.box}
	w.eventually("the other phone is told", func() bool { return b.told() == 1 && b.server.Operations() == 0 })
	b.must(cmd.Process.Signal(syscall.SIGINT))
	began := time.Now()
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != exitInterrupted || time.Since(began) > within {
		t.Errorf("%v after %s", err, time.Since(began))
	}
	b.contains(said.String(), "interrupted", "Owed", "resync phones")
}

// stuck is a provisioning daemon of which one part hangs, between the node and
// the real one.
func (b *phoneBox) stuck(part string) {
	b.t.Helper()
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: b.base})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, part) {
			io.Copy(io.Discard, r.Body) // else the end of the client is not seen
			<-r.Context().Done()
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	b.t.Cleanup(server.Close)
	b.base = strings.TrimPrefix(server.URL, "http://")
}

func TestAProvdThatHangsDelaysNothingElse(t *testing.T) {
	for what, part := range map[string]string{"all": "/", "the list": "/cfg_mgr/", "the token": "/token"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			b := newPhoneBox(t, 3)
			b.listen()
			b.declare("master", "10.0.0.2", b.provisioning())
			b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart,resync")
			b.stuck(part)
			b.declare("master", "10.0.0.2", b.provisioning())
			w := &watched{box: b.box}
			w.watch()
			for range 3 {
				began := time.Now()
				w.look()
				if took := time.Since(began); took > 10*time.Second {
					t.Errorf("the sentinel was away for %s", took)
				}
			}
			if n := strings.Count(w.log.String(), "the node is not as it should be"); n != 1 || !strings.Contains(w.log.String(), "no whole answer within the time limit") {
				t.Errorf("said %d times", n)
			}
		})
	}
}

// resetting is the address of a server that resets every connection.
func resetting(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 1))
			_ = c.(*net.TCPConn).SetLinger(0)
			c.Close()
		}
	}()
	return l.Addr().String()
}

func TestAConnectionThatIsResetIsToldOnce(t *testing.T) {
	t.Parallel()
	for _, block := range []string{
		"provisioning {\n  url   = \"http://%s/0.2\"\n  token = \"t\"\n}\n",
		"database {\n  url = \"postgres://postgres@%s/asterisk\"\n}\n",
	} {
		w := settled(t).watch()
		w.declare("master", "10.0.0.2", fmt.Sprintf(block, resetting(t)))
		w.once("the node is not as it should be")
		if text := w.log.String(); strings.Contains(text, "->") || strings.Contains(text, "\uFFFD") {
			t.Error("a port of ours, or a line end, is told")
		}
	}
}

func TestRefusedPutsAreToldOnce(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 12)
	b.listen()
	b.refusing()
	b.declare("master", "10.0.0.2", b.provisioning())
	w := &watched{box: b.box}
	w.watch()
	w.once("the node is not as it should be")
}

// refusing puts between the node and its provisioning daemon what refuses to
// write, sooner or later.
func (b *phoneBox) refusing() {
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: b.base})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			time.Sleep(rand.N(20 * time.Millisecond))
			http.Error(w, "no", http.StatusInternalServerError)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	b.t.Cleanup(server.Close)
	b.base = strings.TrimPrefix(server.URL, "http://")
}

func TestOnePhoneThatIsFoughtOverIsLeftAloneAndNoOther(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 3)
	b.listen()
	b.declare("master", "10.0.0.2", b.provisioning(), "watch {\n  interval = \"1s\"\n  max_heals = 2\n}\n")
	w := &watched{box: b.box}
	w.watch()
	ids := b.phones()
	spoil := func(id string) {
		b.must(b.server.Change(id, func(d emulated.Document) {
			d["raw_config"].(emulated.Document)["sip_lines"].(emulated.Document)["1"].(emulated.Document)["backup_proxy_ip"] = "10.9.9.9"
		}))
		b.must(w.cmd.Process.Signal(syscall.SIGHUP))
	}
	spoiled := func(id string) bool {
		text, err := json.Marshal(b.server.Configs()[id])
		b.must(err)
		return strings.Contains(string(text), "10.9.9.9")
	}
	for range 2 {
		spoil(ids[0])
		w.eventually("it is healed", func() bool { return !spoiled(ids[0]) })
		w.look()
	}
	spoil(ids[0])
	w.says("somebody else keeps changing this; it is left alone\" what=\"device " + ids[0])
	spoil(ids[1])
	w.eventually("the other phone is healed", func() bool { return !spoiled(ids[1]) })
	if !spoiled(ids[0]) {
		t.Error("it is not left alone")
	}
}

func TestWhoIsFasterThanTheSecondLookIsLeftAloneToo(t *testing.T) {
	t.Parallel()
	w := settled(t, "watch {\n  max_heals = 3\n}\n").watch()
	file := filepath.Join(w.dir, "var/lib/wazo/is-primary")
	w.must(os.Remove(file))
	fighting := make(chan struct{})
	t.Cleanup(func() { close(fighting) })
	go func() {
		for {
			select {
			case <-fighting:
				return
			default:
				_ = os.Remove(file)
			}
		}
	}()
	w.says("somebody else keeps changing this")
}

func TestPhonesThatDoNotAnswerAreNamedAtOnce(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 3)
	b.listen()
	ids := b.phones()
	b.server.Unplug(ids[1])
	b.declare("master", "10.0.0.2", b.provisioning())
	b.contains(b.expect(exitOK, "apply", "--auto-approve", "--allow", "resync,restart").out, "1 phone could not be told of a new configuration", ids[1])
	b.declare("disabled", "10.0.0.2", b.provisioning(), consented)
	w := &watched{box: b.box}
	b.expect(exitOK, "apply", "--auto-approve", "--json")
	b.declare("master", "10.0.0.2", b.provisioning(), consented)
	w.watch()
	w.contains(w.log.String(), "not all of it could be done", ids[1])
	if strings.Count(w.log.String(), "not all of it") != 1 {
		t.Error("it is told twice")
	}
}

func TestPhonesAreLookedAtLessOftenAtRest(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 3)
	b.listen()
	b.declare("master", "10.0.0.2", b.provisioning(), everySecond)
	w := &watched{box: b.box}
	w.watch("--log-level", "debug")
	ticks := func() int { return strings.Count(w.log.String(), "msg=looking why=tick") }
	w.eventually("a tick", func() bool { return ticks() > 0 })
	b.server.Forget()
	before := ticks()
	w.eventually("ten ticks", func() bool { return ticks() >= before+2*phonesEvery })
	if n := b.server.Count("GET", "/0.2/cfg_mgr/configs"); n == 0 || n > 3*4 {
		t.Errorf("%d times in ten ticks", n)
	}
	b.server.Forget()
	b.must(w.cmd.Process.Signal(syscall.SIGHUP))
	w.eventually("a hint is followed at once", func() bool { return b.server.Count("GET", "/0.2/cfg_mgr/configs") > 0 })
}

// phones are the documents of the phones.
func (b *phoneBox) phones() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(b.server.Configs())), func(id string) bool { return len(id) != 32 })
}
