package peer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/sshd"
	"github.com/hotpair/hotpair/resources/host"
)

// The test program stands for hotpair, whose two commands of this package it
// has: `--root DIR peer` and what that runs itself as.
func TestMain(m *testing.M) {
	s := Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	switch args := os.Args[1:]; {
	case len(args) > 0 && args[0] == InsideCommand:
		end(Inside(context.Background(), args[1:], s, echoFiles))
	case len(args) == 3 && args[0] == "--root" && args[2] == "peer":
		end(serveTest(args[1], s))
	}
	if root := os.Getenv("HOTPAIR_TEST_HOLD"); root != "" {
		end(hold(root))
	}
	os.Exit(m.Run())
}

func end(err error) {
	if err != nil {
		if !errors.Is(err, ErrSaid) {
			fmt.Fprintln(os.Stderr, "Error:", err)
		}
		os.Exit(1)
	}
	os.Exit(0)
}

// hold connects and waits to be killed.
func hold(root string) error {
	h, err := host.Open(root)
	if err != nil {
		return err
	}
	at, err := netip.ParseAddrPort(os.Getenv("HOTPAIR_TEST_PEER"))
	if err != nil {
		return err
	}
	if _, err := Dial(context.Background(), Target{Address: at.Addr(), Port: int(at.Port()), HostKey: Known(h), Host: h}); err != nil {
		return err
	}
	fmt.Println("connected")
	_, err = io.ReadAll(os.Stdin)
	return err
}

func serveTest(root string, s Streams) error {
	h, err := host.Open(root)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(root, "state.json"))
	if err != nil {
		return err
	}
	state, err := readState(text)
	if err != nil {
		return err
	}
	state.Now = time.Now()
	n := Node{Host: h, State: state, Database: Socket{Address: "/run/postgresql/.s.PGSQL.5432", User: "postgres"}}
	n.Passive = func() bool {
		_, err := os.Stat(filepath.Join(root, "active"))
		return errors.Is(err, fs.ErrNotExist)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the program at once, as hotpair's main has it
	}()
	return n.Serve(ctx, os.Getenv("SSH_ORIGINAL_COMMAND"), s)
}

// echoFiles is a session that tries whatever paths it is sent, a line each.
func echoFiles(_ context.Context, in io.Reader, out io.Writer, directories []string) error {
	text, err := io.ReadAll(in)
	for path := range strings.Lines(string(text)) {
		path = strings.TrimSuffix(path, "\n")
		if path == "fail" {
			return errors.New("it is asked to fail")
		}
		write := os.WriteFile(path, []byte("written"), 0o644)
		_, read := os.ReadFile(path)
		fmt.Fprintf(out, "%s %t %t\n", path, write == nil, read == nil)
	}
	fmt.Fprintf(out, "directories %v uid %d mknod %v\n", directories, os.Getuid(), mknod(directories[0]+"/device") == nil)
	return err
}

// pairing is a master and a slave, each below a root of its own, and a real
// sshd in front of the slave.
type pairing struct {
	t             *testing.T
	master, slave string
	server        *sshd.Server
	target        Target
}

func needs(t *testing.T) {
	t.Helper()
	var err error
	for _, program := range []string{sshProgram, keygenProgram, keyscanProgram, rsyncProgram, "/usr/sbin/sshd"} {
		_, missing := exec.LookPath(program)
		err = errors.Join(err, missing)
	}
	if os.Geteuid() != 0 {
		err = errors.Join(err, errors.New("root is needed, who logs in"))
	}
	if err != nil && os.Getenv("CI") != "" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip(err)
	}
}

const passiveSlave = `{"hotpair":"1","role":"slave","peer":"127.0.0.1","active":false,"now":"2026-01-01T00:00:00Z","directories":["/srv/data","/etc/app/conf.d"]}`

func newPairing(t *testing.T) *pairing {
	t.Helper()
	needs(t)
	dir, err := os.MkdirTemp("", "pr")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	p := &pairing{t: t, master: dir + "/m", slave: dir + "/s"}
	for _, d := range []string{p.master + "/root/.ssh", p.slave + "/root/.ssh", p.slave + "/srv/data", dir + "/sshd"} {
		must(t, os.MkdirAll(d, 0o700))
	}
	must(t, os.Chmod(p.slave+"/srv/data", 0o755))
	p.say(passiveSlave)
	h, err := host.Open(p.master)
	must(t, err)
	t.Cleanup(func() { h.Close() })
	must(t, MakeKey(t.Context(), h))
	address := freeAddress(t)
	p.server, err = sshd.Start(t.Context(), sshd.Options{Dir: dir + "/sshd", Address: address, AuthorizedKeys: p.slave + AuthorizedKeys})
	must(t, err)
	t.Cleanup(func() { p.server.Close() })
	key, err := p.server.HostKey()
	must(t, err)
	p.target = Target{Address: address.Addr(), Port: int(address.Port()), HostKey: key, Host: h}
	p.admit()
	return p
}

// say has the slave be in a state.
func (p *pairing) say(state string) {
	must(p.t, os.WriteFile(p.slave+"/state.json", []byte(state), 0o644))
}

// admit writes the line of our key on the slave.
func (p *pairing) admit() {
	p.t.Helper()
	key, err := OwnKey(p.target.Host)
	must(p.t, err)
	h, err := host.Open(p.slave)
	must(p.t, err)
	defer h.Close()
	program, err := os.Executable()
	must(p.t, err)
	_, err = Authorize(h, Admission{From: netip.MustParseAddr("127.0.0.1"), Command: []string{program, "--root", p.slave, "peer"}, Key: key}, false)
	must(p.t, err)
}

func (p *pairing) dial() *Link {
	p.t.Helper()
	l, err := Dial(p.t.Context(), p.target)
	must(p.t, err)
	p.t.Cleanup(func() { l.Close() })
	return l
}

// fails dials and insists on an error that says something.
func (p *pairing) fails(part string) {
	p.t.Helper()
	l, err := Dial(p.t.Context(), p.target)
	if err == nil {
		l.Close()
	}
	if err == nil || !strings.Contains(err.Error(), part) {
		p.t.Errorf("got %v, want %q", err, part)
	}
}

// freeAddress is one that nobody listens at. Clients come from 127.0.0.1.
func freeAddress(t *testing.T) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).AddrPort()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
