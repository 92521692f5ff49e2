package reconcile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hotpair/hotpair/reconcile/disk"
)

// written is a resource that writes one file.
type written struct{ Resource }

func (written) Files() []string { return []string{"/etc/conf"} }

func TestAFileIsPutBackUnlessSomebodyElseChangedIt(t *testing.T) {
	const found, ours, theirs = "as found\n", "ours\n", "theirs\n"
	for name, c := range map[string]struct {
		edits []string // each but the first is made within a change, unless it is theirs
		want  FileStanding
	}{
		"never written":                  {[]string{found}, AsFound},
		"written":                        {[]string{found, ours}, AsLeft},
		"written twice":                  {[]string{found, ours, "ours too\n"}, AsLeft},
		"changed since":                  {[]string{found, ours, theirs}, Changed},
		"changed between":                {[]string{found, ours, theirs, "ours and theirs\n"}, Changed},
		"changed between and taken back": {[]string{found, ours, theirs, ours}, AsLeft},
		"put back by hand":               {[]string{found, ours, found}, AsFound},
		"there was none":                 {[]string{"", ours}, AsLeft},
	} {
		t.Run(name, func(t *testing.T) {
			l, file := ledgerOf(t)
			for i, text := range c.edits {
				within := i > 0 && text != theirs && text != found
				d := Declared{ID: ID{Kind: "conf"}, Resource: written{}}
				if within {
					check(t, l.begin(d))
				}
				if text != "" {
					check(t, os.WriteFile(file, []byte(text), 0o640))
				}
				if within {
					check(t, l.end(d.ID))
				}
			}
			standing, err := l.Standing("/etc/conf")
			if err != nil || standing != c.want {
				t.Fatalf("standing %d, want %d, %v", standing, c.want, err)
			}
			if standing != AsLeft {
				return
			}
			check(t, l.PutBack("/etc/conf"))
			text, err := os.ReadFile(file)
			if string(text) != c.edits[0] || c.edits[0] == "" != os.IsNotExist(err) {
				t.Errorf("it is %q, %v", text, err)
			}
			if info, err := os.Stat(file); err == nil && info.Mode().Perm() != 0o640 {
				t.Errorf("its mode is %v", info.Mode())
			}
		})
	}
}

func ledgerOf(t *testing.T) (l *Ledger, file string) {
	t.Helper()
	dir := t.TempDir()
	check(t, os.MkdirAll(filepath.Join(dir, "etc"), 0o755))
	root, err := disk.Open(dir)
	check(t, err)
	t.Cleanup(func() { root.Close() })
	l, err = OpenLedger(root)
	check(t, err)
	return l, filepath.Join(dir, "etc/conf")
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
