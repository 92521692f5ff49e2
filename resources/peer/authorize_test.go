package peer

import (
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/resources/host"
)

const aKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHf9uKbdZ1vDTZ8j0bm1yKcJf1Y5rLv4q8oN2YzW1xYk"

func admission(program ...string) Admission {
	return Admission{From: netip.MustParseAddr("10.0.0.1"), Command: append(program, "peer"), Key: aKey + " hotpair"}
}

func TestOneLineComesAndGoesAndTheRestStaysToTheByte(t *testing.T) {
	for _, old := range []string{"", "ssh-rsa AAAA a@b\n", "ssh-rsa AAAA hotpair", "# hotpair\r\n\n\xff\ncommand=\"/usr/bin/hotpair peer\" ssh-rsa AAAA hotpair\n" + aKey + " hotpair\n\n"} {
		dir := t.TempDir()
		h, err := host.Open(dir)
		must(t, err)
		defer h.Close()
		if old != "" {
			write(t, dir+AuthorizedKeys, old, 0o640)
		}
		if changed, err := Authorize(h, admission("/usr/bin/hotpair"), true); err != nil || !changed || read(t, dir) != old {
			t.Errorf("a dry run: %t, %v", changed, err)
		}
		changed, err := Authorize(h, admission("/opt/old hotpair/hotpair"), false)
		if err != nil || !changed {
			t.Errorf("%t, %v", changed, err)
		}
		changed, err = Authorize(h, admission("/usr/bin/hotpair", "--root", "/srv/a b"), false)
		want := `restrict,from="10.0.0.1",command="/usr/bin/hotpair --root '/srv/a b' peer" ` + aKey + " hotpair\n" + old
		if got := read(t, dir); err != nil || !changed || got != want {
			t.Errorf("%t, %v: got %q, want %q", changed, err, got, want)
		}
		if changed, err := Authorize(h, admission("/usr/bin/hotpair", "--root", "/srv/a b"), false); err != nil || changed {
			t.Errorf("again: %t, %v", changed, err)
		}
		if changed, err := Revoke(h, false); err != nil || !changed || read(t, dir) != old {
			t.Errorf("removed: %t, %v, %q", changed, err, read(t, dir))
		}
		if changed, err := Revoke(h, false); err != nil || changed {
			t.Errorf("removed again: %t, %v", changed, err)
		}
	}
}

func TestWhatIsMadeIsTheOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	h, err := host.Open(dir)
	must(t, err)
	defer h.Close()
	_, err = Authorize(h, admission("/usr/bin/hotpair"), false)
	must(t, err)
	for name, mode := range map[string]os.FileMode{"/root/.ssh": 0o700, AuthorizedKeys: 0o600} {
		if info, err := os.Stat(dir + name); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

func TestACommandThatCannotBeQuotedIsRefused(t *testing.T) {
	for _, program := range []string{`/a"b`, `/a'b`, `/a\b`, "/a\nb", "", "/a\x1bb"} {
		if line, err := admission(program).line(); err == nil {
			t.Errorf("%q gave %q", program, line)
		}
	}
	if line, err := admission("/a $(id)`;b").line(); err != nil || !strings.Contains(line, "\"'/a $(id)`;b' peer\"") {
		t.Errorf("%q, %v", line, err)
	}
}

func TestOnlyOnePublicKeyIsTaken(t *testing.T) {
	for _, good := range []string{aKey, aKey + "\n", aKey + " me@here\n"} {
		if key, err := PublicKey([]byte(good)); err != nil || key != aKey+" hotpair" {
			t.Errorf("%q: %q, %v", good, key, err)
		}
	}
	for _, bad := range []string{
		"", "\n", aKey + "\n" + aKey + "\n", aKey + "\n\n", "ssh-rsa AAAAB3NzaC1yc2E=", "restrict " + aKey, `command="sh" ` + aKey, aKey + " a b", aKey[:60], "ssh-ed25519 " + strings.Repeat("A", 68),
		"-----BEGIN OPENSSH PRIVATE KEY-----\n", aKey + "\r\n", aKey + "\n" + `command="sh" ` + aKey,
	} {
		if key, err := PublicKey([]byte(bad)); err == nil {
			t.Errorf("%q gave %q", bad, key)
		}
	}
}

func read(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(dir + AuthorizedKeys)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}
