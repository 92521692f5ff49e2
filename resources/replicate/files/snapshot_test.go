package files

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSnapshotsTellWhatChanged(t *testing.T) {
	p := newPair(t)
	p.options.Exclude = []string{"/etc/asterisk/*.local"}
	p.fill()
	look := func() Snapshot {
		s, err := p.options.Snapshot(t.Context())
		must(t, err)
		return s
	}
	was := look()
	p.write("/etc/asterisk/a.local", "excluded")
	must(t, os.Remove(p.master+"/etc/asterisk/empty"))
	p.write("/etc/asterisk/odd/a b", "changed")
	info, err := os.Stat(p.master + "/var/lib/asterisk/big")
	must(t, err)
	f, err := os.OpenFile(filepath.Join(p.master, "/var/lib/asterisk/big"), os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteString("!")
	must(t, errors.Join(err, f.Close()))
	must(t, os.Chtimes(p.master+"/var/lib/asterisk/big", info.ModTime(), info.ModTime()))
	is := look()
	if is.Equal(was) || !is.Equal(look()) {
		t.Error("equal is not told from unequal")
	}
	want := []string{"/etc/asterisk", "/etc/asterisk/empty", "/etc/asterisk/odd/a b", "/var/lib/asterisk/big"}
	if got := is.Changed(was); !slices.Equal(got, want) {
		t.Errorf("changed: %q", strings.Join(got, ", "))
	}
}
