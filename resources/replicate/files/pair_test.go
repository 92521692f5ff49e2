package files

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hotpair/hotpair/resources/host"
)

// The test binary is also what the peer runs: with "shell" it stands for ssh
// and the peer's forced command, with "serve" for the latter alone.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 {
		switch os.Args[1] {
		case "shell":
			fail(beShell(os.Args[2], os.Args[3], os.Args[4:]))
		case "forced":
			fail(beForced(os.Args[2]))
		case "serve":
			fail(newTree(os.Args[2], strings.Split(os.Args[3], ",")).serve(context.Background(), os.Stdin, os.Stdout))
		}
	}
	os.Exit(m.Run())
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// beShell is called as ssh is. It notes the peer's command line and runs it
// with the peer's root in the place of /.
func beShell(root, log string, args []string) error {
	if len(args) < 4 || args[0] != "-l" {
		return fmt.Errorf("called with %q", args)
	}
	text, err := json.Marshal(args[3:])
	if err != nil {
		return err
	}
	f, err := os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(text, '\n')); err != nil {
		return err
	}
	return becomeRsync(root, args[3:])
}

func beForced(root string) error {
	command := strings.Fields(os.Getenv("SSH_ORIGINAL_COMMAND"))
	if len(command) == 1 {
		return newTree(root, declared()).serve(context.Background(), os.Stdin, os.Stdout)
	}
	return becomeRsync(root, command)
}

func becomeRsync(root string, command []string) error {
	if last := len(command) - 1; command[0] == "rsync" && command[last] == "/" {
		command[last] = root + "/"
		return syscall.Exec("/usr/bin/rsync", command, []string{"LC_ALL=C"})
	}
	return fmt.Errorf("asked for %q", command)
}

func declared() []string { return []string{"/etc/asterisk", "/var/lib/asterisk"} }

// pair is a master's root and a standby's.
type pair struct {
	t               testing.TB
	master, standby string
	log             string
	options         Options
}

func needRoot(t testing.TB, programs ...string) {
	t.Helper()
	var err error
	if os.Geteuid() != 0 {
		err = fmt.Errorf("the test is run by user %d", os.Geteuid())
	}
	for _, name := range programs {
		if _, missing := exec.LookPath(name); missing != nil {
			err = missing
		}
	}
	switch {
	case err != nil && os.Getenv("CI") != "":
		t.Fatalf("a test needs root and %q: %v", programs, err)
	case err != nil:
		t.Skipf("root and %q are needed: %v", programs, err)
	}
}

func newPair(t testing.TB) *pair {
	t.Helper()
	needRoot(t, "/usr/bin/rsync")
	dir := t.TempDir()
	p := &pair{t: t, master: dir + "/master", standby: dir + "/standby", log: dir + "/log"}
	for _, d := range []string{p.master + "/usr/bin", p.master + "/etc/asterisk", p.master + "/var/lib/asterisk", p.standby + "/etc/asterisk", p.standby + "/var/lib/asterisk"} {
		must(t, os.MkdirAll(d, 0o755))
	}
	must(t, os.Symlink("/usr/bin/rsync", p.master+"/usr/bin/rsync"))
	h, err := host.Open(p.master)
	must(t, err)
	t.Cleanup(func() { h.Close() })
	self, err := os.Executable()
	must(t, err)
	p.options = Options{
		Host: h, Directories: declared(), MaxDelete: 10, Peer: "root@peer",
		Shell: []string{self, "shell", p.standby, p.log},
		Open: func(ctx context.Context, request string) (net.Conn, error) {
			conn, _, err := spawn(t, self, "serve", p.standby, strings.Join(declared(), ","))
			return conn, err
		},
	}
	return p
}

// spawn runs a program whose standard input and output are the connection.
func spawn(t testing.TB, args ...string) (net.Conn, *os.Process, error) {
	t.Helper()
	ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	ours, theirs := os.NewFile(uintptr(ends[0]), "ours"), os.NewFile(uintptr(ends[1]), "theirs")
	defer ours.Close()
	defer theirs.Close()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout = theirs, theirs
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	conn, err := net.FileConn(ours)
	return conn, cmd.Process, err
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (p *pair) write(name, text string) {
	p.t.Helper()
	put(p.t, filepath.Join(p.master, name), text)
}

func put(t testing.TB, place, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(place), 0o755))
	must(t, os.WriteFile(place, []byte(text), 0o644))
}

func (p *pair) session() *Session {
	p.t.Helper()
	s, err := p.options.Session(p.t.Context())
	must(p.t, err)
	p.t.Cleanup(func() { s.Close() })
	return s
}

// picture describes all that lies below the declared directories.
func picture(t testing.TB, root string) map[string]string {
	t.Helper()
	seen := map[string]string{}
	for _, dir := range declared() {
		err := filepath.Walk(filepath.Join(root, dir), func(place string, info fs.FileInfo, err error) error {
			if errors.Is(err, fs.ErrNotExist) && place == filepath.Join(root, dir) {
				return nil
			}
			if err != nil {
				return err
			}
			seen[strings.TrimPrefix(place, root)], err = describe(place, info)
			return err
		})
		must(t, err)
	}
	return seen
}

func describe(place string, info fs.FileInfo) (string, error) {
	stat := info.Sys().(*syscall.Stat_t)
	text := fmt.Sprintf("%o %d:%d", stat.Mode, stat.Uid, stat.Gid)
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(place)
		return text + " → " + target, err
	case info.Mode().IsRegular():
		content, err := os.ReadFile(place)
		return fmt.Sprintf("%s %d %s %x", text, info.Size(), info.ModTime().Format(time.RFC3339Nano), sha256.Sum256(content)), err
	}
	return text + " " + info.ModTime().Format(time.RFC3339Nano), nil
}

func (p *pair) equal() {
	p.t.Helper()
	if diff := cmp.Diff(picture(p.t, p.master), picture(p.t, p.standby)); diff != "" {
		p.t.Errorf("the standby differs (-master +standby):\n%s", diff)
	}
	r, err := p.options.Verify(p.t.Context())
	if err != nil || len(r.Changes) > 0 {
		p.t.Errorf("verified: %v, %v", r.Changes, err)
	}
}

func (p *pair) run() Result {
	p.t.Helper()
	r, err := p.options.Run(p.t.Context())
	must(p.t, err)
	return r
}

// changes are a result's, as "verb path", sorted as they came.
func changes(r Result) []string {
	list := []string{}
	for _, c := range r.Changes {
		list = append(list, c.Verb+" "+c.Path)
	}
	return list
}

// touches gives the time of the last change of every inode (st_ctim).
func touches(t testing.TB, root string) map[string]syscall.Timespec {
	t.Helper()
	seen := map[string]syscall.Timespec{}
	must(t, filepath.Walk(root, func(place string, info fs.FileInfo, err error) error {
		if err == nil {
			seen[place] = info.Sys().(*syscall.Stat_t).Ctim
		}
		return err
	}))
	return seen
}

// times is how often a test tries its luck: more by make torture.
func times(n int) int {
	if os.Getenv("HOTPAIR_TORTURE") != "" {
		n *= 10
	}
	return n
}
