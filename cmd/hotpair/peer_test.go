package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/sshd"
	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/resources/record"
)

// joined is a master, its passive standby, and the standby's sshd.
type joined struct {
	box     // the master
	standby box
	server  *sshd.Server
	hostKey string
	admin   string // the line that admits the administrator
	port    int
}

const peerBlocks = "database {\n  enabled = false\n}\n\nreplication {\n  directories = [\"/etc/asterisk/extensions_extra.d\"]\n}\n"

func newJoined(t testing.TB) *joined {
	t.Helper()
	for _, program := range []string{"ssh", "ssh-keygen", "ssh-keyscan", "rsync", "/usr/sbin/sshd"} {
		needs(t, program)
	}
	if os.Geteuid() != 0 {
		if os.Getenv("CI") != "" {
			t.Fatal("root is needed, who logs in")
		}
		t.Skip("root is needed, who logs in")
	}
	dir, err := os.MkdirTemp("", "jn")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	j := &joined{box: box{t, dir + "/m"}, standby: box{t, dir + "/s"}}
	for _, b := range []box{j.box, j.standby} {
		b.must(os.CopyFS(b.dir, os.DirFS("../../testdata/sandbox/wazo")))
	}
	j.must(os.MkdirAll(dir+"/sshd", 0o700))
	l, err := net.Listen("tcp", "127.0.0.2:0")
	j.must(err)
	j.port = l.Addr().(*net.TCPAddr).Port
	j.must(l.Close())
	j.server, err = sshd.Start(t.Context(), sshd.Options{Dir: dir + "/sshd", Address: netip.MustParseAddrPort(fmt.Sprint("127.0.0.2:", j.port)), AuthorizedKeys: j.standby.dir + peer.AuthorizedKeys})
	j.must(err)
	t.Cleanup(func() { j.server.Close() })
	j.hostKey, err = j.server.HostKey()
	j.must(err)
	j.pin("")
	j.standby.declare("slave", "127.0.0.3", peerBlocks)
	j.standby.put("var/lib/wazo/disabled", "")
	j.admit()
	return j
}

// pin writes the master's ha.hcl.
func (j *joined) pin(key string) {
	j.t.Helper()
	line := ""
	if key != "" {
		line = fmt.Sprintf("    host_key = %q\n", key)
	}
	j.put("etc/hotpair/ha.hcl", fmt.Sprintf("platform = \"wazo\"\nnode {\n  role = \"master\"\n}\npeer {\n  address = \"127.0.0.2\"\n  ssh {\n    port = %d\n%s  }\n}\n%s", j.port, line, peerBlocks))
}

// admit gives the administrator the stock key, which stands for a shell of
// root's on the standby: there `hotpair` is this program, for that node, and
// the master's address is the one that loopback connections come from.
func (j *joined) admit() {
	j.t.Helper()
	j.must(os.MkdirAll(j.dir+"/root/.ssh", 0o700))
	out, err := exec.Command("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", j.dir+peer.StockKey).CombinedOutput()
	if err != nil {
		j.t.Fatal(err, string(out))
	}
	public := j.get("root/.ssh/xivo_id_rsa.pub")
	j.admin = fmt.Sprintf("command=\"set -- $SSH_ORIGINAL_COMMAND; shift; exec %s --root %s $* --from 127.0.0.1\" %s", binary(j.t), j.standby.dir, public)
	j.must(os.MkdirAll(j.standby.dir+"/root/.ssh", 0o700))
	j.standby.put(peer.AuthorizedKeys, j.admin)
}

func (j *joined) fingerprint() string { return peer.Fingerprint(j.hostKey) }

func TestInitSetsUpTheChannelOnceAndUninstallUndoesIt(t *testing.T) {
	t.Parallel()
	j := newJoined(t)
	master, standby := j.tree(), j.standby.tree()
	r := j.expect(exitOK, "init", "--dry-run")
	j.contains(r.out, "would be  host key: "+j.fingerprint(), "would be  /root/.ssh/hotpair_ed25519", "would be  the peer: admits")
	j.contains(r.err, "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")
	if j.tree() != master || j.standby.tree() != standby {
		t.Error("a dry run changes something")
	}
	j.contains(j.expect(exitError, "init").err, "there is no terminal", "--accept-host-key "+j.fingerprint(), nothingChanged)
	j.contains(j.expect(exitError, "init", "--accept-host-key", "SHA256:other").err, "not the one that was given")
	r = j.expect(exitOK, "init", "--accept-host-key", j.fingerprint())
	j.contains(r.out, "host_key = \""+j.hostKey+"\"", "done      the peer: admits", "ok        role: the peer is slave", "ok        rsync: the peer's rsync answers", "The channel to the peer works.")
	line, rest, _ := strings.Cut(j.standby.get(peer.AuthorizedKeys), "\n")
	if !strings.HasPrefix(line, `restrict,from="127.0.0.1",command="`+binary(t)+` --root `+j.standby.dir+` peer" ssh-ed25519 `) || rest != j.admin {
		t.Errorf("authorized_keys begins with %q", line)
	}
	j.pin(j.hostKey)
	master, standby = j.kept(), j.standby.get(peer.AuthorizedKeys)
	r = j.expect(exitOK, "init")
	if strings.Contains(r.out, "done ") || strings.Count(r.out, "as it is ") != 3 || j.kept() != master || j.standby.get(peer.AuthorizedKeys) != standby {
		t.Errorf("a second run changes something:\n%s", r.out)
	}
	j.contains(j.expect(exitOK, "init", "--json").out, `"type":"check"`, `"state":"as it is"`)

	j.contains(j.expect(exitOK, "uninstall", "--dry-run").out, "would be  the peer 127.0.0.2: admits this node's key no more")
	if j.kept() != master {
		t.Error("a dry run changes something")
	}
	j.contains(j.expect(exitOK, "uninstall").out, "done      the peer 127.0.0.2")
	j.is(peer.Identity, absent)
	j.is(peer.Identity+".pub", absent)
	j.is(peer.KnownHosts, absent)
	j.standby.is(peer.AuthorizedKeys, j.admin)
	j.contains(j.expect(exitOK, "uninstall").out, "as it is")
	j.contains(j.get(record.Path), `"by":"init","message":"done by hand"`, "admits this node's key", `"by":"uninstall"`, "admits this node's key no more")
	j.contains(j.standby.get(record.Path), `"by":"authorize","message":"done by hand"`)
}

// kept is what init makes, with its stamps.
func (j *joined) kept() string {
	var b strings.Builder
	for _, name := range []string{peer.Identity, peer.Identity + ".pub", peer.KnownHosts} {
		info, err := os.Stat(j.dir + name)
		j.must(err)
		fmt.Fprintln(&b, name, info.Mode(), info.ModTime(), j.get(name))
	}
	return b.String()
}

func TestInitSaysWhatIsNotWell(t *testing.T) {
	t.Parallel()
	j := newJoined(t)
	j.pin("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHf9uKbdZ1vDTZ8j0bm1yKcJf1Y5rLv4q8oN2YzW1xYk")
	j.contains(j.expect(exitError, "init").err, "another host key than ha.hcl pins: "+j.fingerprint(), nothingChanged)
	j.pin(j.hostKey)
	j.standby.declare("master", "10.0.0.9", peerBlocks)
	r := j.expect(exitError, "init")
	j.contains(r.out, "not       role: the peer is master: write role")
	j.contains(r.err, "not all is well yet: role")
	j.must(os.Remove(j.standby.dir + peer.AuthorizedKeys))
	r = j.expect(exitError, "init")
	j.contains(r.err, "One step is left: the standby must admit this node's key. On the standby, with hotpair installed and its ha.hcl in place, run:\n\n  echo 'ssh-ed25519 AAAA", "' | hotpair authorize\n\nthen run `hotpair init` here again.", "none of your own keys")
	if strings.Contains(r.err, "Error:") || strings.Contains(r.err, nothingChanged) {
		t.Errorf("%q", r.err)
	}
	j.contains(j.expect(exitError, "init", "--json").out, "One step is left")
	j.pin("")
	j.contains(j.expect(exitError, "init").err, "then put the lines above into ha.hcl and run `hotpair init` here again.")
	j.contains(j.expect(exitInPart, "uninstall").err, "Run `hotpair authorize --remove` on the peer")
	j.is(peer.Identity, absent)
	j.contains(j.standby.expect(exitError, "init").err, nothingChanged)
	j.standby.declare("slave", "127.0.0.3", peerBlocks)
	j.contains(j.standby.expect(exitError, "init").err, "run `hotpair init` on the master", nothingChanged)
}

// ask runs `hotpair peer` as sshd does.
func (b box) ask(request string) (string, string, error) {
	cmd := exec.Command(binary(b.t), "--root", b.dir, "peer")
	cmd.Env = []string{"PATH=/usr/bin:/bin", "SSH_ORIGINAL_COMMAND=" + request}
	out, err := cmd.Output()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return string(out), string(ended.Stderr), err
	}
	return string(out), "", err
}

func TestPeerAnswersByTheConfigurationInForce(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.1")
	if out, said, err := b.ask("database"); err == nil || !strings.Contains(out, `"active":true`) || !strings.Contains(said, "hotpair peer: this node is active") || strings.Count(said, "\n") != 1 {
		t.Errorf("%q %q %v", out, said, err)
	}
	b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
	b.put("var/lib/wazo/disabled", "")
	out, said, err := b.ask("state")
	if err != nil || said != "" || strings.Count(out, "\n") != 1 || !strings.Contains(out, `"role":"slave","peer":"10.0.0.1","active":false,"passive_since":"`) {
		t.Errorf("%q %q %v", out, said, err)
	}
	b.put("etc/hotpair/ha.hcl", "node {")
	if again, said, err := b.ask("state"); err != nil || !strings.Contains(again, `"role":"slave"`) {
		t.Errorf("a broken ha.hcl: %q %q %v", again, said, err)
	}
	b.must(os.RemoveAll(filepath.Join(b.dir, "var/lib/hotpair")))
	if out, said, err := b.ask("state"); err == nil || out != "" || !strings.Contains(said, "hotpair peer: the configuration of this node cannot be used: ") || strings.Count(said, "\n") != 1 {
		t.Errorf("no good one: %q %q %v", out, said, err)
	}
	if out, said, err := b.ask("bash -i"); err == nil || out != "" || strings.Count(said, "\n") != 1 {
		t.Errorf("%q %q %v", out, said, err)
	}
	b.contains(b.expect(exitError, "peer").err, "sshd runs this command")
}

func TestAuthorizeTakesTheAddressFromHaHcl(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.1")
	const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHf9uKbdZ1vDTZ8j0bm1yKcJf1Y5rLv4q8oN2YzW1xYk"
	authorize := func(input string, args ...string) result {
		var out, errs strings.Builder
		code := run(t.Context(), append([]string{"--root", b.dir, "authorize"}, args...), stdio{in: strings.NewReader(input), out: &out, err: &errs})
		return result{code, out.String(), errs.String()}
	}
	if r := authorize(key+" x\n", "--dry-run"); r.code != exitOK || b.get(peer.AuthorizedKeys) != absent {
		t.Errorf("%+v", r)
	}
	if r := authorize(key + " x\n"); r.code != exitOK || !strings.HasPrefix(b.get(peer.AuthorizedKeys), `restrict,from="10.0.0.1",`) {
		t.Errorf("%+v", r)
	}
	if r := authorize(key+"\n", "--from", "fd00::1"); r.code != exitOK || !strings.HasPrefix(b.get(peer.AuthorizedKeys), `restrict,from="fd00::1",`) || strings.Count(b.get(peer.AuthorizedKeys), "\n") != 1 {
		t.Errorf("%+v", r)
	}
	for _, bad := range [][]string{{"rubbish"}, {key, "--from", "everybody"}, {key, "--from", "10.0.0.0/8"}} {
		if r := authorize(bad[0], bad[1:]...); r.code != exitError || !strings.Contains(r.err, nothingChanged) {
			t.Errorf("%q: %+v", bad, r)
		}
	}
	b.expect(exitOK, "uninstall")
	b.is(peer.AuthorizedKeys, absent)
	b.contains(authorize("", "--remove").out, "as it is", "admits no key of hotpair's")
	b.contains(authorize(" \n").err, "Error: no public key on standard input: paste the line that `hotpair init` printed on the master\n", nothingChanged)
	b.contains(authorize("rubbish", "--from", "everybody").err, `--from "everybody" is not an IP address`)
}

func TestPeerIsQuick(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.1")
	fastest := time.Hour
	for range 20 {
		began := time.Now()
		if _, said, err := b.ask("state"); err != nil {
			t.Fatal(err, said)
		}
		fastest = min(fastest, time.Since(began))
	}
	t.Logf("%s", fastest)
	if fastest > 200*time.Millisecond { // ten times the goal
		t.Errorf("the fastest of 20 took %s", fastest)
	}
}
