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

// cuts come while work is going on, at random points of the time that it takes.
type cuts struct {
	usual  time.Duration // that the work took, when it was last left alone
	began  time.Time
	broken int
}

// after cuts the work that begins now.
func (c *cuts) after(cut func()) (stop func() bool) {
	c.began = time.Now()
	return time.AfterFunc(time.Duration(rand.Int64N(2*int64(c.usual))), cut).Stop
}

// ended counts how it went: what was cut, or else how long it takes by now.
func (c *cuts) ended(err error) {
	if err != nil {
		c.broken++
		return
	}
	c.usual = time.Since(c.began)
}

// some insists that work was cut at all.
func (c *cuts) some(t *testing.T) {
	t.Helper()
	if c.broken == 0 {
		t.Error("none was cut")
	}
	t.Logf("%d were cut; it took %s at last", c.broken, c.usual)
}

func TestNoSessionsCutLeavesHalfAFile(t *testing.T) {
	p := newPair(t)
	paths := p.large('0')
	began := time.Now()
	p.send(p.session(), paths...)
	c := cuts{usual: time.Since(began)}
	self, err := os.Executable()
	must(t, err)
	for i := range times(20) {
		p.large(byte('1' + i%9))
		conn, process, err := spawn(t, self, "serve", p.standby, strings.Join(declared(), ","))
		must(t, err)
		p.options.Open = func(context.Context, string) (net.Conn, error) { return conn, nil }
		s := p.session()
		stop := c.after(func() {
			if i%2 == 0 {
				process.Kill()
			} else {
				conn.Close()
			}
		})
		_, err = s.Send(t.Context(), paths)
		stop()
		c.ended(err)
		s.Close()
		process.Kill()
		process.Wait()
		p.whole()
	}
	c.some(t)
	p.run()
	p.equal()
}

func TestNoCutOfRsyncLeavesHalfAFile(t *testing.T) {
	p := newPair(t)
	p.large('0')
	began := time.Now()
	p.run()
	c := cuts{usual: time.Since(began)}
	for i := range times(20) {
		p.large(byte('1' + i%9))
		ctx, cancel := context.WithCancel(t.Context())
		stop := c.after(func() {
			if i%2 == 0 {
				killShell(p.standby)
			} else {
				cancel()
			}
		})
		_, err := p.options.Run(ctx)
		stop()
		cancel()
		c.ended(err)
		if err != nil && i%2 == 0 && !errors.Is(err, ErrBroken) {
			t.Errorf("cut %d: %v", i, err)
		}
		awaitEnd(t, p.standby)
		p.whole()
	}
	c.some(t)
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
