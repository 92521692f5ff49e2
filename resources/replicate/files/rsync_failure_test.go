package files

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestADiskThatIsFullKeepsWhatWasThere(t *testing.T) {
	p := newPair(t)
	small := p.standby + "/var/lib/asterisk"
	must(t, syscall.Mount("tmpfs", small, "tmpfs", 0, "size=1m"))
	t.Cleanup(func() { syscall.Unmount(small, syscall.MNT_DETACH) })
	p.write("/var/lib/asterisk/a", "old")
	put(t, small+"/z", "to be deleted")
	must(t, os.Chtimes(small, time.Time{}, time.Unix(1, 0)))
	p.write("/var/lib/asterisk/z", "to be deleted")
	p.run()
	must(t, os.Remove(p.master+"/var/lib/asterisk/z"))
	p.write("/var/lib/asterisk/a", strings.Repeat("x", 2<<20))
	check := func(way string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), "/var/lib/asterisk/a") || !strings.Contains(err.Error(), "no space left on device") || !strings.Contains(err.Error(), "on the peer") {
			t.Errorf("%s: %v", way, err)
		}
		for name, want := range map[string]string{"a": "old", "z": "to be deleted"} {
			if text, err := os.ReadFile(filepath.Join(small, name)); err != nil || string(text) != want {
				t.Errorf("%s: %s is %d bytes, %v", way, name, len(text), err)
			}
		}
	}
	_, err := p.options.Run(t.Context())
	check("rsync", err)
	s := p.session()
	_, err = s.Send(t.Context(), []string{"/var/lib/asterisk/a", "/var/lib/asterisk/z"})
	check("session", err)
	must(t, syscall.Mount("tmpfs", small, "tmpfs", syscall.MS_REMOUNT, "size=8m"))
	if _, err := s.Send(t.Context(), []string{"/var/lib/asterisk/a", "/var/lib/asterisk/z"}); err != nil {
		t.Error(err)
	}
	p.run()
	p.equal()
}

func TestWhatMayNotBeWrittenIsNamed(t *testing.T) {
	p := newPair(t)
	place := p.standby + "/var/lib/asterisk"
	must(t, syscall.Mount("tmpfs", place, "tmpfs", 0, "size=1m"))
	t.Cleanup(func() { syscall.Unmount(place, syscall.MNT_DETACH) })
	must(t, syscall.Mount("tmpfs", place, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	p.write("/var/lib/asterisk/a", "x")
	_, err := p.options.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "read-only file system on the peer") {
		t.Errorf("rsync: %v", err)
	}
	_, err = p.session().Send(t.Context(), []string{"/var/lib/asterisk/a"})
	if err == nil || !strings.Contains(err.Error(), "writing /var/lib/asterisk/a on the peer: read-only file system") {
		t.Errorf("session: %v", err)
	}
}

func TestALinkThatIsNotThereIsToldAsThat(t *testing.T) {
	p := newPair(t)
	p.options.Shell = []string{"/bin/false"}
	p.write("/etc/asterisk/a", "x")
	if _, err := p.options.Run(t.Context()); !errors.Is(err, ErrBroken) {
		t.Errorf("got %v", err)
	}
}

func TestRsyncThatIsMissingIsToldAsThat(t *testing.T) {
	p := newPair(t)
	must(t, os.Remove(p.master+"/usr/bin/rsync"))
	if _, err := p.options.Plan(t.Context()); err == nil || !strings.Contains(err.Error(), "/usr/bin/rsync is needed and not on this node") {
		t.Errorf("got %v", err)
	}
}
