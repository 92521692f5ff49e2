package files

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sshd is a real one on loopback. Its one key is bound to the test binary as
// the peer's command, unless free.
type sshd struct {
	t       testing.TB
	dir     string
	port    string
	control string // the socket of the kept connection
}

func newSSHD(t testing.TB, forced string) *sshd {
	t.Helper()
	needRoot(t, "/usr/sbin/sshd", "ssh", "ssh-keygen", "rsync")
	dir, err := os.MkdirTemp("", "sshd") // short, for its socket
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	for _, key := range []string{"host", "user"} {
		must(t, exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(dir, key)).Run())
	}
	public, err := os.ReadFile(dir + "/user.pub")
	must(t, err)
	if forced != "" {
		forced = fmt.Sprintf("restrict,command=%q ", forced)
	}
	must(t, os.WriteFile(dir+"/keys", append([]byte(forced), public...), 0o600))
	s := &sshd{t: t, dir: dir, control: dir + "/control"}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	_, s.port, _ = net.SplitHostPort(listener.Addr().String())
	must(t, listener.Close())
	must(t, os.WriteFile(dir+"/config", []byte("ListenAddress 127.0.0.1\nPort "+s.port+"\nHostKey "+dir+"/host\nAuthorizedKeysFile "+dir+"/keys\nStrictModes no\nUsePAM no\nPermitRootLogin prohibit-password\nPidFile none\n"), 0o600))
	must(t, os.MkdirAll("/run/sshd", 0o755))
	s.start("/usr/sbin/sshd", "-D", "-e", "-f", dir+"/config")
	s.await(func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+s.port)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return s
}

func (s *sshd) start(args ...string) *exec.Cmd {
	s.t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	log, err := os.OpenFile(s.dir+"/log", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	must(s.t, err)
	defer log.Close()
	cmd.Stderr = log
	must(s.t, cmd.Start())
	s.t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return cmd
}

func (s *sshd) await(there func() bool) {
	s.t.Helper()
	for began := time.Now(); !there(); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > 30*time.Second {
			log, _ := os.ReadFile(s.dir + "/log")
			s.t.Fatalf("it does not come up: %s", log)
		}
	}
}

// ssh is the program's command line without a host.
func (s *sshd) ssh() []string {
	return []string{"ssh", "-F", "none", "-i", s.dir + "/user", "-p", s.port, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"}
}

// keep opens the connection that all go over.
func (s *sshd) keep() (kept []string, master *exec.Cmd) {
	s.t.Helper()
	kept = append(s.ssh(), "-o", "ControlPath="+s.control)
	master = s.start(append(kept[:len(kept):len(kept)], "-M", "-N", "root@127.0.0.1")...)
	s.await(func() bool { _, err := os.Stat(s.control); return err == nil })
	return kept, master
}

// over has a pair speak over the kept connection.
func (s *sshd) over(p *pair) *exec.Cmd {
	kept, master := s.keep()
	p.options.Shell, p.options.Peer = kept, "root@127.0.0.1"
	p.options.Open = func(_ context.Context, request string) (net.Conn, error) {
		conn, _, err := spawn(s.t, append(kept[:len(kept):len(kept)], "root@127.0.0.1", request)...)
		return conn, err
	}
	return master
}

func forcedCommand(t testing.TB, p *pair) string {
	self, err := os.Executable()
	must(t, err)
	if strings.ContainsAny(self+p.standby, " \"'") {
		t.Fatalf("%s and %s are in a shell's command", self, p.standby)
	}
	return self + " forced " + p.standby
}

func TestOverARealConnection(t *testing.T) {
	p := newPair(t)
	master := newSSHD(t, forcedCommand(t, p)).over(p)
	p.fill()
	p.run()
	p.equal()
	p.write("/etc/asterisk/new", "x")
	s := p.session()
	p.send(s, "/etc/asterisk/new")
	p.equal()
	must(t, master.Process.Kill())
	p.write("/etc/asterisk/new", "xy")
	if _, err := s.Send(t.Context(), []string{"/etc/asterisk/new"}); err == nil {
		t.Error("sent over a link that is cut")
	}
}
