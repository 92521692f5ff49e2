package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// large makes files each of whose bytes says which version it is of.
func (p *pair) large(version byte) (paths []string) {
	for i := range 8 {
		name := fmt.Sprintf("/var/lib/asterisk/%d", i)
		p.write(name, string(bytes.Repeat([]byte{version}, 2<<20)))
		paths = append(paths, name)
	}
	return paths
}

// whole looks at every file under its final name: all of one version.
func (p *pair) whole() {
	p.t.Helper()
	files, err := filepath.Glob(p.standby + "/var/lib/asterisk/*")
	must(p.t, err)
	for _, name := range files {
		if strings.HasPrefix(filepath.Base(name), ".") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			p.t.Fatal(err)
		}
		if err == nil && (len(text) != 2<<20 || bytes.Count(text, text[:1]) != len(text)) {
			p.t.Errorf("%s is a mix, or cut: %d bytes", name, len(text))
		}
	}
}

// cutAfter cuts while work is going on, at a random point of the time that it
// took before.
func cutAfter(usual time.Duration, cut func()) (stop func() bool) {
	return time.AfterFunc(time.Duration(rand.Int64N(2*int64(usual))), cut).Stop
}

func TestNoSessionsCutLeavesHalfAFile(t *testing.T) {
	p := newPair(t)
	paths := p.large('0')
	began := time.Now()
	p.send(p.session(), paths...)
	usual := time.Since(began)
	self, err := os.Executable()
	must(t, err)
	broken := 0
	for i := range times(20) {
		p.large(byte('1' + i%9))
		conn, process, err := spawn(t, self, "serve", p.standby, strings.Join(declared(), ","))
		must(t, err)
		p.options.Open = func(context.Context, string) (net.Conn, error) { return conn, nil }
		s := p.session()
		stop := cutAfter(usual, func() {
			if i%2 == 0 {
				process.Kill()
			} else {
				conn.Close()
			}
		})
		if _, err := s.Send(t.Context(), paths); err != nil {
			broken++
		}
		stop()
		s.Close()
		process.Kill()
		process.Wait()
		p.whole()
	}
	if broken == 0 {
		t.Error("none was cut")
	}
	t.Logf("%d were cut within %s", broken, usual)
	p.run()
	p.equal()
}

func TestNoCutOfRsyncLeavesHalfAFile(t *testing.T) {
	p := newPair(t)
	p.large('0')
	began := time.Now()
	p.run()
	usual := time.Since(began)
	broken := 0
	for i := range times(20) {
		p.large(byte('1' + i%9))
		ctx, cancel := context.WithCancel(t.Context())
		stop := cutAfter(usual, func() {
			if i%2 == 0 {
				killShell(p.standby)
			} else {
				cancel()
			}
		})
		_, err := p.options.Run(ctx)
		stop()
		cancel()
		if err != nil {
			broken++
			if i%2 == 0 && !errors.Is(err, ErrBroken) {
				t.Errorf("cut %d: %v", i, err)
			}
		}
		awaitEnd(t, p.standby)
		p.whole()
	}
	if broken == 0 {
		t.Error("none was cut")
	}
	t.Logf("%d were cut within %s", broken, usual)
	p.run()
	p.equal()
}

// killShell kills the peer's rsyncs: those that work below its root.
func killShell(root string) {
	for _, pid := range below(root) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// below finds the processes whose last argument is the peer's root.
func below(root string) (pids []int) {
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range lines {
		text, err := os.ReadFile(name)
		if err == nil && strings.HasSuffix(string(text), "\x00"+root+"/\x00") {
			var pid int
			if _, err := fmt.Sscanf(name, "/proc/%d/", &pid); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

func awaitEnd(t *testing.T, root string) {
	t.Helper()
	for began := time.Now(); len(below(root)) > 0; time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 30*time.Second {
			t.Fatal("the peer's rsync goes on")
		}
	}
}
