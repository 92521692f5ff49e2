package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	emulated "github.com/hotpair/hotpair/cmd/pairbox/provd"
	"github.com/hotpair/hotpair/resources/doctor"
)

// patient is a node that the doctor looks at, and whatever its bed has around it.
type patient struct {
	box
	args   []string                                    // of every look, such as --peer
	run    func(name string, args ...string) *exec.Cmd // where its commands run
	served func(verb, unit string)                     // does what systemctl was told; nil: nothing

	patience time.Duration // that what a remedy starts may take

	phones   *phoneBox
	database *postgresBox
	pair     *paired
	staged   *staged
	network  *networked
}

// An ailment is what makes a check fail, and what of the remedy is no command.
type ailment struct {
	code    string
	says    string // of what is wrong
	ail     func(p *patient)
	hand    func(p *patient) // the edit that the remedy asks for; nil: its commands do it all
	unseen  bool             // what fails can only be told as not seen
	standby bool             // it is the other node of the pair that is looked at
	there   bool             // it is on the other node that the commands are run
}

// ailments are all of them, by the bed that they are lain in.
func ailments() map[string][]ailment {
	return map[string][]ailment{
		"a node's files": onFiles(), "a database": onDatabase(), "phones": onPhones(),
		"a pair with daemons": onStaged(), "a pair": onPair(), "a network": onNetwork(), "a stock pair": onStock(),
	}
}

// Every check fails where something is wrong, and passes after what it says was
// done. What users typed into their own programs is only told of.
func TestEveryCheckHasAnAilment(t *testing.T) {
	var tried []string
	for _, list := range ailments() {
		for _, a := range list {
			tried = append(tried, a.code)
		}
	}
	for _, code := range doctor.Codes() {
		if !slices.Contains(tried, code) && code != "xivo-client" {
			t.Errorf("%s never fails in a test", code)
		}
	}
}

// finding is what the doctor finds by one check, on this node.
func (p *patient) finding(code string) doctor.Finding {
	p.t.Helper()
	args := append([]string{"--root", p.dir, "doctor", code, "--json"}, p.args...)
	cmd := p.run(binary(p.t), args...)
	out, _ := cmd.Output()
	return findingIn(p.t, string(out), code)
}

func findingIn(t testing.TB, out, code string) doctor.Finding {
	t.Helper()
	for line := range strings.Lines(out) {
		var v struct {
			Type    string
			Finding doctor.Finding
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err, line)
		}
		if v.Type == "doctor_finding" && v.Finding.Code == code && v.Finding.Node == "" {
			return v.Finding
		}
	}
	t.Fatalf("nothing is told of %s: %s", code, out)
	return doctor.Finding{}
}

// finds insists on what a check comes to.
func (p *patient) finds(code string, want doctor.Result, part string) doctor.Finding {
	p.t.Helper()
	f := p.finding(code)
	if f.Result != want || !strings.Contains(f.Says, part) || f.Why == "" || (want == doctor.Mend) != (f.Mend != "") {
		p.t.Errorf("%s is %s, %q, mended by %q; want %s, %q", code, f.Result, f.Says, f.Mend, want, part)
	}
	return f
}

// treat has a check fail, does what it says, and sees it pass. What is to be
// mended may be several things, one after the other.
func (p *patient) treat(a ailment) {
	p.t.Helper()
	seen := *p
	if a.standby {
		seen.box = p.pair.standby
	}
	if a.ail != nil {
		a.ail(p)
	}
	want := doctor.Mend
	if a.unseen {
		want = doctor.Unknown
	}
	seen.soon(a.code, func(f doctor.Finding) bool { return f.Result == want })
	f := seen.finds(a.code, want, a.says)
	for range 5 {
		p.t.Logf("%s: %s; mend: %s", f.Code, f.Says, f.Mend)
		at := p.dir
		if a.there {
			at = p.network.dir
		}
		p.do(at, f.Mend)
		if a.hand != nil {
			a.hand(p)
		}
		said := f.Says
		if f = seen.soon(a.code, func(f doctor.Finding) bool { return f.Result == doctor.Well || f.Says != said }); f.Result == doctor.Well {
			p.t.Logf("%s: %s", f.Code, f.Says)
			return
		}
	}
	p.t.Errorf("%s is not mended: %+v", a.code, f)
}

// soon is what a check comes to when what was started or ended has had its time.
func (p *patient) soon(code string, is func(doctor.Finding) bool) (f doctor.Finding) {
	p.t.Helper()
	for limit := time.Now().Add(p.patience); ; time.Sleep(200 * time.Millisecond) {
		if f = p.finding(code); is(f) || time.Now().After(limit) {
			return f
		}
	}
}

var inBackquotes = regexp.MustCompile("`([^`]+)`")

// do runs the commands of a remedy in a shell, as a person would paste them. What
// is this machine's own stands in for the node's: systemctl is the test, apt-get
// brings rsync.
func (p *patient) do(dir, mend string) {
	p.t.Helper()
	tools, called := p.t.TempDir(), filepath.Join(p.t.TempDir(), "called")
	for name, text := range map[string]string{
		"hotpair":       fmt.Sprintf("case $1 in apply) shift; set -- apply --auto-approve \"$@\" ;; esac\nexec %s --root %s \"$@\" </dev/null", binary(p.t), dir),
		"systemctl":     fmt.Sprintf("echo \"$*\" >>%s", called),
		"apt-get":       fmt.Sprintf("ln -sf /usr/bin/rsync %s/usr/bin/rsync", p.dir),
		"update-locale": fmt.Sprintf("echo \"$1\" >%s/etc/default/locale", p.peerDir()),
		"journalctl":    "", "timedatectl": "", "fail2ban-client": "", "wazo-sync": fmt.Sprintf("mkdir -p %[1]s/root/.ssh; : >%[1]s/root/.ssh/xivo_id_rsa", p.dir), "wazo-upgrade": "", "pg_dump": "", "createdb": "", "psql": "", "sort": "cat",
	} {
		p.must(os.WriteFile(filepath.Join(tools, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755))
	}
	for _, command := range inBackquotes.FindAllStringSubmatch(mend, -1) {
		cmd := p.run("sh", "-c", command[1])
		cmd.Dir, cmd.Env = p.dir, append(os.Environ(), "PATH="+tools+":"+os.Getenv("PATH"))
		if out, err := cmd.CombinedOutput(); err != nil && !strings.Contains(command[1], "history") && !strings.HasPrefix(command[1], "hotpair plan") {
			p.t.Logf("%s: %v\n%s", command[1], err, out)
		}
	}
	said, _ := os.ReadFile(called)
	for line := range strings.Lines(string(said)) {
		if words := strings.Fields(line); p.served != nil && len(words) > 1 {
			p.served(words[0], words[len(words)-1])
		}
	}
}

func (p *patient) peerDir() string {
	if p.pair != nil {
		return p.pair.standby.dir
	}
	return p.dir
}

// ownBox is a node of its own, with hotpair's daemon to be in charge.
func ownBox(t testing.TB, role string) *patient {
	b := newBox(t, "wazo")
	b.put("etc/hotpair/ha.hcl", fmt.Sprintf("platform = \"wazo\"\nnode {\n  role = %q\n}\npeer {\n  address = \"127.0.0.2\"\n}\n", role))
	return inBed(b)
}

// inBed is a node whose systemctl starts hotpair's daemon.
func inBed(b box) *patient {
	p := &patient{box: b, run: exec.Command}
	p.served = func(_, unit string) {
		if unit == "hotpair" {
			p.daemon(b.dir)
		}
	}
	return p
}

func (p *patient) more(name, text string) { p.put("etc/hotpair/ha.d/"+name+".hcl", text) }

// become has the node be of another role.
func (p *patient) become(role string) {
	p.put("etc/hotpair/ha.hcl", strings.ReplaceAll(p.get("etc/hotpair/ha.hcl"), `"master"`, fmt.Sprintf("%q", role)))
}

const hbaFile = "etc/postgresql/15/main/pg_hba.conf"

func onFiles() []ailment {
	return []ailment{
		{code: "programs", says: "not on this node: /usr/bin/rsync"},
		{code: "file-modes", says: "can be read by others: ", ail: func(p *patient) {
			p.put("root/.ssh/hotpair_ed25519", "")
			p.put("var/lib/hotpair/accepted.json", "{}")
			p.must(os.Chmod(p.dir+"/var/lib/hotpair", 0o775))
			p.must(os.Lchown(p.dir+"/root/.ssh/hotpair_ed25519", 7, 7))
		}},
		{code: "as-declared", says: "not as ha.hcl says: "},
		{code: "services", says: "The services of this node are stopped", ail: func(p *patient) {
			p.expect(exitOK, "apply", "--auto-approve")
			p.put("var/lib/wazo/disabled", "")
		}},
		{code: "trust-lines", says: "pg_hba.conf:2 lets 10.0.0.9 in as superuser without a password", ail: func(p *patient) {
			p.put(hbaFile, "local all all trust\nhost asterisk postgres 10.0.0.9/32 trust\nhost asterisk postgres fd00::1/32 trust\nhost all all 127.0.0.1/32 md5\n")
		}},
		{code: "provd-plugins", says: "installed here: it's xivo-yealink", ail: func(p *patient) {
			p.become("slave")
			p.must(os.MkdirAll(p.dir+"/var/lib/wazo-provd/plugins/it's xivo-yealink", 0o755))
		}},
		{code: "names", says: "nobody knows pbx-2", ail: func(p *patient) { p.put("etc/hostname", "pbx-2\n") }},
		{code: "disk-room", says: "MiB of ", ail: func(p *patient) {
			p.must(os.MkdirAll(p.dir+"/var/lib/hotpair", 0o755))
			p.mount("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs")
			p.t.Cleanup(func() { _ = exec.Command("umount", p.dir+"/var/lib/hotpair").Run() })
		}, hand: func(p *patient) { p.mount("mount", "-o", "remount,size=1g") }},
		{code: "daemon", says: "`hotpair watch` does not run on this node"},
	}
}

func (p *patient) mount(command ...string) {
	p.t.Helper()
	if out, err := exec.Command(command[0], append(command[1:], p.dir+"/var/lib/hotpair")...).CombinedOutput(); err != nil {
		if os.Getenv("CI") == "" {
			p.t.Skip(string(out))
		}
		p.t.Fatal(err, string(out))
	}
}

// daemon starts `hotpair watch` on a node.
func (p *patient) daemon(dir string) *watched {
	p.t.Helper()
	return (&watched{box: box{p.t, dir}}).watch()
}

func TestTheDoctorOnANodesFiles(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 && os.Getenv("CI") == "" {
		t.Skip("root is needed, who owns a node's files")
	}
	for _, a := range onFiles() {
		t.Run(a.code, func(t *testing.T) {
			t.Parallel()
			ownBox(t, "master").treat(a)
		})
	}
}

func onPhones() []ailment {
	return []ailment{
		{code: "provisioning", says: "", hand: func(p *patient) { p.phones.listen() }},
		{code: "phones-backup", says: "registrar.default: backup address: "},
		{code: "phones-backup", says: "no backup server is possible for 1 phone: Cisco SPA504G", ail: func(p *patient) {
			p.must(p.phones.server.AddPhone("lobby", "10.0.0.1"))
			p.must(p.phones.server.Describe("lobby", "Cisco", "SPA504G"))
			p.expect(exitOK, "apply", "--auto-approve", "--allow", "resync")
		}, hand: func(p *patient) {
			p.more("profile", "profile \"lobby\" {\n  vendors = [\"Cisco\"]\n  models = [\"SPA504G\"]\n  backup = true\n}\n")
		}},
	}
}

func TestTheDoctorOnPhones(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 3)
	b.put("etc/hotpair/ha.hcl", "platform = \"wazo\"\nnode {\n  role = \"master\"\n}\npeer {\n  address = \"127.0.0.2\"\n}\n"+b.provisioning())
	p := inBed(b.box)
	p.phones = b
	for _, a := range onPhones() {
		p.treat(a)
	}
}

// A daemon that hangs is told as such, and nothing else waits for it.
func TestTheDoctorIsNotHeldUp(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 1)
	b.put("etc/hotpair/ha.hcl", "platform = \"wazo\"\nnode {\n  role = \"master\"\n}\npeer {\n  address = \"127.0.0.2\"\n}\n"+b.provisioning())
	b.listen()
	b.server.Set(emulated.Fault{Hang: true})
	began := time.Now()
	r := b.expect(exitDifferent, "doctor", "--json")
	if took := time.Since(began); took > 100*time.Second { // ten times the limit
		t.Errorf("it took %s", took)
	}
	if f := findingIn(t, r.out, "provisioning"); f.Result != doctor.Mend || !strings.Contains(f.Says, "no whole answer within the time limit") {
		t.Errorf("%+v", f)
	}
	if f := findingIn(t, r.out, "names"); f.Result != doctor.Well {
		t.Errorf("%+v", f)
	}
}

// The XiVO Client can only be told of, to XiVO's administrators.
func TestTheDoctorTellsOfTheXiVOClient(t *testing.T) {
	t.Parallel()
	p := ownBox(t, "master")
	p.finds("xivo-client", doctor.Skipped, "")
	p.put("etc/hotpair/ha.hcl", strings.Replace(p.get("etc/hotpair/ha.hcl"), "\"wazo\"", "\"xivo\"", 1))
	p.finds("xivo-client", doctor.Well, "users enter this node's address as main server and 127.0.0.2 as backup; a login takes 3 s longer")
	p.become("slave")
	p.finds("xivo-client", doctor.Well, "users enter 127.0.0.2 as main server")
}

// Something to mend outranks something that could not be looked at.
func TestTheDoctorsExitCodes(t *testing.T) {
	t.Parallel()
	p := ownBox(t, "slave")
	p.expect(exitOK, "doctor", "names", "host-key")
	p.put("var/lib/wazo-provd/plugins", "")
	p.expect(exitError, "doctor", "names", "provd-plugins")
	p.expect(exitDifferent, "doctor", "names", "provd-plugins", "daemon")
	p.expect(exitError, "doctor", "no-such-code")
}
