package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func open(t *testing.T) (*Root, string) {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{"etc", "outside"} {
		if err := os.MkdirAll(filepath.Join(dir, "node", d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Open(filepath.Join(dir, "node"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r, filepath.Join(dir, "node")
}

func TestWriteReplacesAsAWholeAndKeepsTheMode(t *testing.T) {
	r, dir := open(t)
	target := filepath.Join(dir, "etc/conf")
	if err := os.WriteFile(target, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	before, _ := os.Stat(target)
	if err := r.Write("/etc/conf", []byte("new"), 0o644); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(target)
	if err != nil || os.SameFile(before, after) || after.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, same file %v, %v", after.Mode(), os.SameFile(before, after), err)
	}
	if text, err := r.Read("/etc/conf"); err != nil || string(text) != "new" {
		t.Errorf("read %q, %v", text, err)
	}
	if names, err := r.List("/etc"); err != nil || len(names) != 1 {
		t.Errorf("left behind: %v, %v", names, err)
	}
}

func TestASweepLeavesWhatSomebodyWrites(t *testing.T) {
	r, dir := open(t)
	temp := tempName("etc/conf")
	f, err := r.create(temp)
	must(t, err)
	must(t, r.Sweep("/etc"))
	if _, err := os.Stat(filepath.Join(dir, temp)); err != nil {
		t.Error("it is swept away:", err)
	}
	must(t, f.Close())
	must(t, r.Sweep("/etc"))
	if _, err := os.Stat(filepath.Join(dir, temp)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("it is left:", err)
	}
}

func TestWriteKeepsTheOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root gives files away")
	}
	r, dir := open(t)
	target := filepath.Join(dir, "etc/conf")
	if err := errors.Join(os.WriteFile(target, nil, 0o600), os.Chown(target, 1234, 4321)); err != nil {
		t.Fatal(err)
	}
	if err := r.Write("/etc/conf", []byte("new"), 0o644); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(target)
	if stat := info.Sys().(*syscall.Stat_t); err != nil || stat.Uid != 1234 || stat.Gid != 4321 {
		t.Errorf("owner %d:%d, %v", stat.Uid, stat.Gid, err)
	}
}

func TestTargetsThatAreNoPlainFileAreRefused(t *testing.T) {
	r, dir := open(t)
	secret := filepath.Join(dir, "outside/secret")
	must(t, os.WriteFile(secret, []byte("theirs"), 0o644))
	must(t, os.Symlink("../outside/secret", filepath.Join(dir, "etc/inside-link")))
	must(t, os.Symlink("/etc/passwd", filepath.Join(dir, "etc/escaping-link")))
	must(t, os.Symlink("../../..", filepath.Join(dir, "etc/up")))
	must(t, os.Mkdir(filepath.Join(dir, "etc/directory"), 0o755))
	must(t, syscall.Mkfifo(filepath.Join(dir, "etc/fifo"), 0o644))
	for _, name := range []string{
		"/etc/inside-link", "/etc/escaping-link", "/etc/up/x", "/etc/directory", "/etc/fifo",
		"/etc/../outside/secret", "etc/x", "/etc//x", "/etc/./x", "", "/", "/etc/x\x00y", "/missing/x",
	} {
		err := r.Write(name, []byte("ours"), 0o644)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("writing %q: %v", name, err)
		}
		if _, err := r.Read(name); err == nil {
			t.Errorf("%q was read", name)
		}
	}
	if text, err := os.ReadFile(secret); err != nil || string(text) != "theirs" {
		t.Errorf("the link's target is %q, %v", text, err)
	}
}

func TestADirectoryThatEverybodyCanWriteIsRefused(t *testing.T) {
	r, dir := open(t)
	must(t, os.MkdirAll(filepath.Join(dir, "etc/open/deep"), 0o755))
	must(t, os.Chmod(filepath.Join(dir, "etc/open"), 0o777))
	err := r.Write("/etc/open/deep/x", nil, 0o644)
	if err == nil || !strings.Contains(err.Error(), "chmod o-w /etc/open") {
		t.Errorf("got %v", err)
	}
}

func TestErrorsNamePathAndCauseOnce(t *testing.T) {
	r, _ := open(t)
	_, err := r.Read("/etc/none")
	if !errors.Is(err, fs.ErrNotExist) || err.Error() != "reading /etc/none: no such file or directory" {
		t.Errorf("got %v", err)
	}
}

func TestSweepRemovesOnlyOurTemporaryFiles(t *testing.T) {
	r, dir := open(t)
	for _, name := range []string{".conf.hotpair-tmp", "conf", ".conf.swp", "conf.hotpair-tmp"} {
		must(t, os.WriteFile(filepath.Join(dir, "etc", name), nil, 0o644))
	}
	must(t, r.Sweep("/etc"))
	must(t, r.Sweep("/nowhere"))
	names, err := r.List("/etc")
	if err != nil || strings.Join(names, " ") != ".conf.swp conf conf.hotpair-tmp" {
		t.Errorf("left %v, %v", names, err)
	}
}

func TestATemporaryFileOfACrashIsNoObstacle(t *testing.T) {
	r, dir := open(t)
	must(t, os.WriteFile(filepath.Join(dir, "etc/.conf.hotpair-tmp"), []byte("half"), 0o644))
	must(t, r.Write("/etc/conf", []byte("whole"), 0o644))
	if text, err := r.Read("/etc/conf"); err != nil || string(text) != "whole" {
		t.Errorf("read %q, %v", text, err)
	}
}

func TestReplaceWritesOutsideANode(t *testing.T) {
	name := filepath.Join(t.TempDir(), "my.plan")
	must(t, Replace(name, []byte("x"), 0o600))
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != 1 {
		t.Errorf("%v, %v", info, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestExchangeLosesNoEditThatIsMadeMeanwhile(t *testing.T) {
	r, dir := open(t)
	target := filepath.Join(dir, "etc/conf")
	must(t, r.Exchange("/etc/conf", nil, []byte("one"), 0o644))
	must(t, r.Exchange("/etc/conf", []byte("one"), []byte("two"), 0o644))
	must(t, os.WriteFile(target, []byte("theirs"), 0o644))
	if err := r.Exchange("/etc/conf", []byte("two"), []byte("three"), 0o644); !errors.Is(err, ErrMoved) {
		t.Errorf("got %v", err)
	}
	if text, err := r.Read("/etc/conf"); err != nil || string(text) != "theirs" {
		t.Errorf("it is %q, %v", text, err)
	}
	if names, err := r.List("/etc"); err != nil || len(names) != 1 {
		t.Errorf("left behind: %v, %v", names, err)
	}
}

func TestLookFollowsLinksThatStayInside(t *testing.T) {
	r, dir := open(t)
	must(t, os.WriteFile(filepath.Join(dir, "outside/jobs"), []byte("x"), 0o644))
	for link, target := range map[string]string{"inside": "../outside/jobs", "escaping": "/etc/passwd", "dangling": "nowhere", "loop": "loop", "directory": "."} {
		must(t, os.Symlink(target, filepath.Join(dir, "etc", link)))
		text, there, err := r.Look("/etc/" + link)
		if err != nil || there != (link == "inside") || there && string(text) != "x" {
			t.Errorf("%s: %q, %v, %v", link, text, there, err)
		}
	}
}

func TestSweepIsNotBlockedByWhatIsNotItsOwn(t *testing.T) {
	r, dir := open(t)
	must(t, os.MkdirAll(filepath.Join(dir, "etc/.x.hotpair-tmp/y"), 0o755))
	must(t, os.Symlink("x", filepath.Join(dir, "etc/.y.hotpair-tmp")))
	must(t, os.WriteFile(filepath.Join(dir, "etc/.z.hotpair-tmp"), nil, 0o644))
	must(t, r.Sweep("/etc"))
	if names, err := r.List("/etc"); err != nil || len(names) != 2 {
		t.Errorf("left %v, %v", names, err)
	}
}

func TestReadFileReadsPlainFilesOnly(t *testing.T) {
	dir := t.TempDir()
	must(t, syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o644))
	must(t, os.WriteFile(filepath.Join(dir, "file"), []byte("x"), 0o644))
	if text, err := ReadFile(filepath.Join(dir, "file")); err != nil || string(text) != "x" {
		t.Errorf("%q, %v", text, err)
	}
	for _, name := range []string{"fifo", "nowhere", "."} {
		if _, err := ReadFile(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func TestOnARealNodeDirectoriesMayBeLinks(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, "data"), 0o755))
	must(t, os.WriteFile(filepath.Join(dir, "data/conf"), []byte("x"), 0o644))
	must(t, os.Symlink(filepath.Join(dir, "data"), filepath.Join(dir, "link")))
	must(t, os.Symlink(filepath.Join(dir, "data/conf"), filepath.Join(dir, "data/linked")))
	r, err := Open("/")
	must(t, err)
	defer r.Close()
	if text, err := r.Read(filepath.Join(dir, "link/conf")); err != nil || string(text) != "x" {
		t.Errorf("read %q, %v", text, err)
	}
	if _, err := r.Read(filepath.Join(dir, "link/linked")); err == nil {
		t.Error("a target that is a link was read")
	}
}

func TestADirectoryIsOpenedBelowTheRootAlone(t *testing.T) {
	r, dir := open(t)
	must(t, os.Symlink("../outside", filepath.Join(dir, "etc/inside")))
	must(t, os.Symlink("/usr", filepath.Join(dir, "etc/escaping")))
	must(t, os.WriteFile(filepath.Join(dir, "etc/file"), nil, 0o644))
	for _, name := range []string{"/", "/etc", "/etc/inside"} {
		f, err := r.OpenDir(name)
		if err != nil {
			t.Error(err)
			continue
		}
		f.Close()
	}
	for _, name := range []string{"/etc/escaping", "/etc/file", "/etc/none", "etc", "/etc/../etc"} {
		if f, err := r.OpenDir(name); err == nil {
			f.Close()
			t.Errorf("%q was opened", name)
		}
	}
}
