package main

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/resources/endpoint"
)

const nginx = "nginx.service"

// answered is what an endpoint says; what it says without success is zero.
func answered(address string) (s endpoint.State, status int) {
	client := http.Client{Timeout: within, Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get("http://" + address + endpoint.OwnPath)
	if err != nil {
		return s, 0
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode == http.StatusOK && json.Unmarshal(text, &s) != nil {
		return s, 0
	}
	return s, answer.StatusCode
}

func free(t *testing.T, address string) string {
	return fmt.Sprintf("%s:%d", address, boxtest.FreePort(t, address))
}

func TestCompanionsFollowATakeoverAndTheEndpointTellsOfIt(t *testing.T) {
	t.Parallel()
	at := free(t, "127.0.75.9")
	g := guard(t, "127.0.75.1", "companion {\n  units = [\"nginx.service\"]\n}\n", fmt.Sprintf("endpoint {\n  listen = %q\n}\n", at))
	systemd := boxtest.NewSystemd(t, g.dir)
	systemd.Is(nginx, "active") // enabled by mistake
	g.watch()
	g.soon("the companion is stopped", func() bool { return !systemd.Runs(nginx) })
	g.soon("it is told", func() bool { s, status := answered(at); return status == 200 && !s.Active && s.Peer == "healthy" })
	if s, _ := answered(at); s.NodeType != "slave" || s.RemoteAddress != "127.0.75.1" {
		t.Errorf("%+v", s)
	}
	g.put("var/lib/stub/xivo-manage-slave-services", "if [ $1 = start ]; then rm -f var/lib/wazo/disabled; sleep 2; else : >var/lib/wazo/disabled; fi\n")
	g.soon("the master is seen", func() bool { return strings.Contains(g.status(), "The master is healthy since") })
	g.must(g.master.Kill())
	g.soon("the services are being started", func() bool { return g.managed() == "start" })
	if s, _ := answered(at); s.Active || systemd.Runs(nginx) {
		t.Errorf("before the services answer: %+v", s)
	}
	g.soon("the companion runs", func() bool { return systemd.Runs(nginx) })
	g.soon("it is told", func() bool { s, _ := answered(at); return s.Active && s.Peer == "degraded" && !s.Since.IsZero() })
	g.must(g.master.Restart(t.Context()))
	g.soon("the companion is stopped", func() bool { return !systemd.Runs(nginx) })
	g.soon("it is told", func() bool { s, status := answered(at); return status == 200 && !s.Active })
	if want := "stop nginx.service, start nginx.service, stop nginx.service"; systemd.Calls() != want {
		t.Errorf("%s", systemd.Calls())
	}
}

func TestACompanionThatFailsIsToldAndHoldsNothingUp(t *testing.T) {
	t.Parallel()
	g := guard(t, "127.0.76.1", "companion {\n  units = [\"nginx.service\"]\n}\n")
	systemd := boxtest.NewSystemd(t, g.dir)
	systemd.Does(nginx, "start", "echo 'Job for nginx.service failed.' >&2; exit 1\n")
	g.watch()
	g.soon("the master is seen", func() bool { return strings.Contains(g.status(), "The master is healthy since") })
	g.expect(exitOK, "failover", "--auto-approve")
	g.soon("it is told", func() bool {
		return strings.Contains(g.status(), "Companions: running /usr/bin/systemctl start -- nginx.service: exit status 1: Job for nginx.service failed.")
	})
	g.expect(exitOK, "failback", "--auto-approve")
	g.soon("it is over", func() bool { return !strings.Contains(g.status(), "Companions:") })
}

func TestTheEndpointFollowsTheFileAndLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	first, second := free(t, "127.0.77.1"), free(t, "127.0.77.2")
	listen := func(at string) string { return fmt.Sprintf("endpoint {\n  listen = %q\n}\n", at) }
	w := settled(t, listen(first)).watch()
	serves := func(at string) func() bool {
		return func() bool {
			s, _ := answered(at)
			return s.Active && s.NodeType == "master" && s.RemoteAddress == "10.0.0.2"
		}
	}
	w.eventually("a master by stock says that it serves", serves(first))
	w.declare("master", "10.0.0.2", listen(second))
	w.eventually("another address", serves(second))
	w.eventually("the first is gone", func() bool { _, status := answered(first); return status == 0 })
	taken, err := net.Listen("tcp", first)
	w.must(err)
	defer taken.Close()
	w.declare("master", "10.0.0.2", listen(first))
	w.says("this cannot be asked for by HTTP")
	w.contains(w.expect(exitOK, "status").out, "address already in use")
	w.declare("master", "10.0.0.2")
	w.says("all can be asked for by HTTP again")
	w.declare("master", "10.0.0.2", "endpoint {\n  listen = \"/run/ha.sock\"\n}\n")
	socket := filepath.Join(w.dir, "run/ha.sock")
	w.eventually("a socket", func() bool { conn, err := net.Dial("unix", socket); return err == nil && conn.Close() == nil })
	w.must(w.cmd.Process.Signal(syscall.SIGTERM))
	_ = w.cmd.Wait()
	if _, err := os.Lstat(socket); err == nil {
		t.Error("the socket is left behind")
	}
}

func TestAnEndpointThatOthersReachIsWarnedOf(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	for listen, open := range map[string]bool{"127.0.0.1:9180": false, "[::1]:9180": false, "/run/ha.sock": false, "0.0.0.0:9180": true, "[::]:9180": true, "10.0.0.1:9180": true} {
		b.declare("master", "10.0.0.2", fmt.Sprintf("endpoint {\n  listen = %q\n}\n", listen))
		if r := b.expect(exitOK, "validate"); strings.Contains(r.out+r.err, "Open to others") != open {
			t.Errorf("%s: %s%s", listen, r.out, r.err)
		}
	}
}

func TestTheCompanionDaemonFollowsANode(t *testing.T) {
	t.Parallel()
	var active atomic.Bool
	node := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != endpoint.StockPath {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, `{"node_type":"master","remote_address":"10.0.0.2","active":%v}`, active.Load())
	}))
	defer node.Close()
	e := &watched{box: box{t: t, dir: t.TempDir()}}
	systemd := boxtest.NewSystemd(t, e.dir)
	systemd.Is(nginx, "active")
	e.put("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: node.Certificate().Raw})))
	args := []string{"--root", e.dir, "companion", "--node", node.URL, "--unit", nginx, "--interval", "1s", "--ca", filepath.Join(e.dir, "ca.pem")}
	cmd := exec.Command(binary(t), args...)
	said := notified(t, cmd)
	e.run(cmd)
	e.eventually("stopped", func() bool { return !systemd.Runs(nginx) })
	active.Store(true)
	e.eventually("started", func() bool { return systemd.Runs(nginx) })
	e.says("that the node is active")
	if r := e.hotpair(args[2:]...); r.code != exitLocked || !strings.Contains(r.err, "hotpair companion") {
		t.Errorf("a second one: exit %d: %s", r.code, r.err)
	}
	node.Close()
	e.says("nobody tells since")
	e.must(cmd.Process.Signal(syscall.SIGTERM))
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	e.says("ended; the units stay as they are")
	if want := "stop nginx.service, start nginx.service"; systemd.Calls() != want {
		t.Errorf("%s", systemd.Calls())
	}
	told := said()
	e.contains(told, "READY=1", "WATCHDOG=1", "STATUS="+node.URL+endpoint.StockPath+" says since", "that the node is active", "STATUS=nobody tells since", "STOPPING=1")
}

// notified stands for systemd: it gives what a daemon tells it until its end.
func notified(t *testing.T, cmd *exec.Cmd) func() string {
	t.Helper()
	at := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: at, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	cmd.Env = append(os.Environ(), "NOTIFY_SOCKET="+at)
	heard := make(chan string, 1)
	go func() {
		var all strings.Builder
		for text := make([]byte, 4096); !strings.Contains(all.String(), "STOPPING=1"); {
			n, err := conn.Read(text)
			if err != nil {
				break
			}
			all.Write(append(text[:n:n], '\n'))
		}
		heard <- all.String()
	}()
	return func() string {
		select {
		case all := <-heard:
			return all
		case <-time.After(within):
			t.Fatal("systemd was not told of the end")
			return ""
		}
	}
}
