package peer

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// rsync runs a real rsync over the link, from a directory as the sender's root.
func rsync(t *testing.T, l *Link, args ...string) (string, error) {
	t.Helper()
	args = append([]string{"-e", strings.Join(l.Command(), " ")}, args...)
	out, err := exec.CommandContext(t.Context(), rsyncProgram, append(args, l.Host()+":/")...).CombinedOutput()
	return string(out), err
}

func write(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(name), 0o755))
	must(t, os.WriteFile(name, []byte(text), 0o600))
	must(t, os.Chmod(name, mode))
}

func TestRsyncArrivesWithOwnerAndMode(t *testing.T) {
	p := newPairing(t)
	from := t.TempDir()
	write(t, from+"/srv/data/deep/setuid", "run", 0o755|os.ModeSetuid)
	write(t, from+"/etc/app/conf.d/secret", "x", 0o640)
	must(t, os.Chown(from+"/etc/app/conf.d/secret", 1234, 4321))
	write(t, p.slave+"/srv/data/old", "gone", 0o644)
	out, err := rsync(t, p.dial(), "-aRi", "--no-implied-dirs", "--delete-delay", "--max-delete=5", "--timeout=60", from+"/./srv/data", from+"/./etc/app/conf.d")
	must(t, err)
	if !strings.Contains(out, "*deleting   srv/data/old") {
		t.Errorf("it said %s", out)
	}
	info, err := os.Stat(p.slave + "/srv/data/deep/setuid")
	if err != nil || info.Mode() != 0o755|os.ModeSetuid {
		t.Errorf("%v, %v", info, err)
	}
	info, err = os.Stat(p.slave + "/etc/app/conf.d/secret")
	if err != nil || info.Mode() != 0o640 || owner(info) != [2]uint32{1234, 4321} {
		t.Errorf("%v, %v", info, err)
	}
	if _, err := os.Stat(p.slave + "/srv/data/old"); err == nil {
		t.Error("nothing was deleted")
	}
}

func TestAHostileRsyncWritesNothingOutside(t *testing.T) {
	p := newPairing(t)
	outside := filepath.Dir(p.slave) + "/outside"
	write(t, outside+"/victim", "theirs", 0o644)
	write(t, p.slave+"/etc/passwd", "node", 0o644)
	write(t, p.slave+"/etc/app/app.conf", "theirs", 0o600)
	for name, to := range map[string]string{"absolute": outside, "up": "../../../outside", "root": "/", "etc": "/etc"} {
		must(t, os.Symlink(to, p.slave+"/srv/data/"+name))
	}
	from := t.TempDir()
	for _, name := range []string{
		"/srv/data/absolute/victim", "/srv/data/up/victim", "/srv/data/root/etc/passwd", "/srv/data/root" + outside + "/victim", "/srv/data/etc/passwd", "/srv/data/etc/new",
		"/etc/passwd", "/etc/app/app.conf", "/etc/cron.d/evil", "/root/.ssh/authorized_keys", "/usr/bin/evil", "/evil", "/tmp/hotpair-evil", "/dev/evil", "/run/evil", "/var/evil",
	} {
		write(t, from+name, "ours", 0o666)
	}
	before := []string{tree(t, outside), tree(t, p.slave+"/etc/passwd"), tree(t, p.slave+"/root"), tree(t, "/usr/bin/evil"), tree(t, "/tmp/hotpair-evil"), tree(t, "/etc/cron.d/evil")}
	l := p.dial()
	for _, args := range [][]string{
		{"-aR", from + "/./"}, {"-aR", "--no-implied-dirs", from + "/./srv/data/absolute/victim", from + "/./srv/data/up/victim", from + "/./srv/data/root/etc/passwd"},
		{"-aR", "-c", from + "/./etc", from + "/./usr", from + "/./evil", from + "/./tmp"}, {"-aR", "--delete", "--force", from + "/./"}, {"-rR", "--no-implied-dirs", from + "/./srv/data/etc/new"},
	} {
		out, err := rsync(t, l, args...)
		t.Logf("rsync %q: %v: %.300s", args, err, out)
	}
	after := []string{tree(t, outside), tree(t, p.slave+"/etc/passwd"), tree(t, p.slave+"/root"), tree(t, "/usr/bin/evil"), tree(t, "/tmp/hotpair-evil"), tree(t, "/etc/cron.d/evil")}
	for i := range before {
		if before[i] != after[i] {
			t.Errorf("%d: was\n%s\nand is\n%s", i, before[i], after[i])
		}
	}
	for _, name := range []string{"/evil", "/etc/cron.d", "/usr", "/tmp", "/var", "/dev"} {
		if _, err := os.Lstat(p.slave + name); err == nil {
			t.Errorf("%s was made", name)
		}
	}
	if text, err := os.ReadFile(p.slave + "/etc/app/app.conf"); err != nil || string(text) != "theirs" {
		t.Errorf("%q, %v", text, err)
	}
	if info, err := os.Stat(p.slave + "/etc/app"); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("an implied directory has changed: %v, %v", info, err)
	}
}

func TestASessionOfFilesSeesNothingElse(t *testing.T) {
	p := newPairing(t)
	write(t, p.slave+"/srv/data/mine", "x", 0o644)
	secret := filepath.Dir(p.slave) + "/secret"
	write(t, secret, "secret", 0o644)
	must(t, os.Symlink(secret, p.slave+"/srv/data/link"))
	c, err := p.dial().Open(t.Context(), FilesRequest)
	must(t, err)
	defer c.Close()
	for _, path := range []string{"/srv/data/mine", "/etc/app/conf.d/new", secret, "/srv/data/link", "/srv/data/../../" + secret, "/etc/shadow", "/etc/passwd", "/proc/1/root" + secret, "/new", "/usr/new", "/tmp/new", "/root/.ssh/authorized_keys"} {
		_, err := io.WriteString(c, path+"\n")
		must(t, err)
	}
	must(t, c.(*conn).CloseWrite())
	out, err := io.ReadAll(c)
	must(t, err)
	want := "/srv/data/mine true true\n/etc/app/conf.d/new true true\n" + secret + " false false\n/srv/data/link false false\n/srv/data/../../" + secret + " false false\n" +
		"/etc/shadow false false\n/etc/passwd false true\n/proc/1/root" + secret + " false false\n/new false false\n/usr/new false false\n/tmp/new false false\n/root/.ssh/authorized_keys false false\n" +
		"directories [/srv/data /etc/app/conf.d] uid 0 mknod false\n"
	if string(out) != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
	if text, err := os.ReadFile(p.slave + "/srv/data/mine"); err != nil || string(text) != "written" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestTheErrorOfASessionReachesTheMaster(t *testing.T) {
	p := newPairing(t)
	c, err := p.dial().Open(t.Context(), FilesRequest)
	must(t, err)
	defer c.Close()
	_, err = io.WriteString(c, "fail\n")
	must(t, err)
	must(t, c.(*conn).CloseWrite())
	if _, err := io.ReadAll(c); err == nil || err.Error() != "the peer refuses: it is asked to fail" {
		t.Errorf("got %v", err)
	}
}

// tree is what there is, "" for nothing.
func tree(t *testing.T, path string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.Walk(path, func(name string, info os.FileInfo, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		b.WriteString(name + " " + info.Mode().String() + " " + info.ModTime().String() + "\n")
		return err
	})
	must(t, err)
	return b.String()
}
