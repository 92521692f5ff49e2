package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/resources/host"
)

// fleet is a pair below two roots, which the example's playbook keeps over a
// local connection.
type fleet struct {
	*testing.T
	home            string
	master, standby box
	binary          string
	vars            string // what is added to the inventory, as YAML
}

func newFleet(t *testing.T) *fleet {
	t.Helper()
	needs(t, "ansible-playbook")
	f := &fleet{T: t, home: t.TempDir(), master: newBox(t, "wazo"), standby: newBox(t, "wazo"), binary: binary(t)}
	f.standby.put("var/lib/wazo/disabled", "")
	return f
}

const inventory = `hotpair:
  vars:
    ansible_connection: local
    ansible_python_interpreter: /usr/bin/python3
    ansible_become: false
    hotpair_binary: %s
    hotpair_runner: stock
%s
  children:
    pair_box:
      hosts:
        box-a: {hotpair_role: master, hotpair_address: 10.0.0.1, hotpair_root: %s}
        box-b: {hotpair_role: slave, hotpair_address: 10.0.0.2, hotpair_root: %s}
hotpair_standbys: {}
hotpair_masters: {}
hotpair_others: {}
`

// played is one run of the playbook.
type played struct {
	*testing.T
	text string
}

// play runs the playbook of the example on the two nodes.
func (f *fleet) play(args ...string) played {
	f.Helper()
	hosts := filepath.Join(f.home, "hosts.yml")
	f.master.must(os.WriteFile(hosts, fmt.Appendf(nil, inventory, f.binary, f.vars, f.master.dir, f.standby.dir), 0o600))
	return f.playOn(hosts, args...)
}

func (f *fleet) playOn(hosts string, args ...string) played {
	f.Helper()
	cmd := exec.Command("ansible-playbook", append([]string{"-i", hosts, example(f.T) + "/site.yml"}, args...)...)
	cmd.Dir = f.home
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + f.home, "LC_ALL=C.UTF-8", "ANSIBLE_NOCOLOR=1",
		"ANSIBLE_LOCAL_TEMP=" + f.home + "/local", "ANSIBLE_REMOTE_TEMP=" + f.home + "/remote", "PYTHONDONTWRITEBYTECODE=1"}
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		f.Fatal(err)
	}
	return played{f.T, string(out)}
}

func example(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../examples/ansible")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// is insists on what the recap says of a node: failed, changed or neither.
func (p played) is(node, how string) {
	p.Helper()
	want := map[string]string{"ok": "changed=0 failed=0", "changed": "changed=1 failed=0", "failed": "changed=0 failed=1", "failed, changed": "changed=1 failed=1"}[how]
	found := regexp.MustCompile(node + ` +: ok=\d+ +(changed=\d+) +unreachable=0 +(failed=\d+)`).FindStringSubmatch(p.text)
	if found == nil || found[1]+" "+found[2] != want {
		p.Fatalf("%s is not %s:\n%s", node, how, p.text)
	}
}

func (p played) says(parts ...string) {
	p.Helper()
	for _, part := range parts {
		if !strings.Contains(p.text, part) {
			p.Errorf("%q is not in\n%s", part, p.text)
		}
	}
}

// diffs are the lines that --diff shows.
func (p played) diffs() string {
	return strings.Join(regexp.MustCompile(`(?m)^[-+@].*\n`).FindAllString(p.text, -1), "")
}

func (f *fleet) trees() string { return f.master.tree() + f.standby.tree() }

func TestAnsibleChecksTruthfullyThenDoesTheSameAndSettles(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	before := f.trees()
	check := f.play("--check", "--diff")
	check.is("box-a", "changed")
	check.is("box-b", "changed")
	check.says("+ha_conf node_type = \"master\"\n", "+schedule check master = \"* * * * * to 10.0.0.1\"\n", "restart telephony: ends every call")
	if after := f.trees(); after != before {
		t.Fatalf("a check touched the nodes:\n%s\nwere\n%s", after, before)
	}
	done := f.play("--diff")
	done.is("box-a", "changed")
	done.is("box-b", "changed")
	if check.diffs() != done.diffs() || done.diffs() == "" {
		t.Errorf("the check shows\n%s\nthe run\n%s", check.diffs(), done.diffs())
	}
	f.master.contains(f.master.get("etc/xivo/ha.conf"), `"master"`)
	f.standby.contains(f.standby.get("etc/xivo/ha.conf"), `"slave"`)
	settled := f.trees()
	for _, again := range []played{f.play("--check", "--diff"), f.play("--diff")} {
		again.is("box-a", "ok")
		again.is("box-b", "ok")
		if again.diffs() != "" {
			t.Errorf("differences of nothing:\n%s", again.diffs())
		}
	}
	if f.trees() != settled {
		t.Error("a run that changes nothing touched a node")
	}
	f.standby.expect(exitOK, "fmt", "--check")
	f.master.expect(exitOK, "fmt", "--check")
	if info, err := os.Stat(filepath.Join(f.master.dir, haHCL)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestTheExampleOfThirtyPairsIsPlanned(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	p := f.playOn(example(t)+"/inventory.yml", "--check", "--diff", "-e", "ansible_connection=local ansible_become=false hotpair_binary="+f.binary+" hotpair_root="+f.standby.dir)
	for _, node := range []string{"amiens-a", "amiens-b", "brest-a", "brest-b", "caen-a", "caen-b"} {
		p.is(node, "changed")
	}
	p.says(`ha_conf remote_address = "10.2.0.3"`, `schedule check master = "* * * * * to 10.3.0.2"`)
	if strings.Contains(p.text, "WARNING") {
		t.Errorf("it warns:\n%s", p.text)
	}
}

func TestAnsibleSeesAndHealsDrift(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.play().is("box-b", "changed")
	f.standby.must(os.Remove(filepath.Join(f.standby.dir, "var/lib/wazo/is-secondary")))
	check := f.play("--check", "--diff")
	check.is("box-a", "ok")
	check.is("box-b", "changed")
	if check.diffs() != "--- before: this node\n+++ after: this node, as ha.hcl says\n@@ -0,0 +1 @@\n+sentinel file = \"/var/lib/wazo/is-secondary\"\n" {
		t.Errorf("shown:\n%s", check.diffs())
	}
	f.standby.is("var/lib/wazo/is-secondary", absent)
	f.play().is("box-b", "changed")
	f.standby.is("var/lib/wazo/is-secondary", "")
}

func TestAnsibleWritesNoInvalidConfiguration(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.play().is("box-a", "changed")
	f.vars = "    hotpair_extra: \"objective {\\n  max_outrage = \\\"sesame\\\"\\n}\""
	before := f.trees()
	for _, args := range [][]string{{"--check", "--diff"}, {"--diff"}} {
		p := f.play(args...)
		p.is("box-b", "failed")
		p.says("/etc/hotpair/ha.hcl:23:3: Unsupported argument. An argument named", `Did you mean \"max_outage\"?`, "Nothing was changed.")
		if strings.Contains(p.text, "sesame") || strings.Contains(p.text, f.home+"/remote") {
			t.Errorf("it shows what it should not:\n%s", p.text)
		}
	}
	if f.trees() != before {
		t.Error("an invalid ha.hcl touched the nodes")
	}
}

func TestAnsibleWaitsForConsent(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	p := f.play()
	p.says("restart telephony: ends every call; this node takes none for about 45 s. It waits for hotpair_allow: [restart].")
	restarts := func() int { return strings.Count(f.master.get(manageLog), "wazo-service restart") }
	if n := restarts(); n != 0 {
		t.Errorf("%d restarts without consent", n)
	}
	waits := f.play()
	waits.is("box-a", "ok")
	waits.says("It waits for hotpair_allow: [restart].")
	allow := `{"hotpair_allow": ["restart"]}`
	check := f.play("-e", allow, "--check", "--diff")
	check.is("box-a", "changed")
	check.says("+! restart telephony: ends every call")
	if n := restarts(); n != 0 {
		t.Errorf("a check restarted %d times", n)
	}
	f.play("-e", allow).is("box-a", "changed")
	f.play("-e", allow).is("box-a", "ok")
	if n := restarts(); n != 1 {
		t.Errorf("%d restarts", n)
	}
}

// A wrong role that a playbook carries to a live master ends no call.
func TestAnsibleStopsNoNodeThatServes(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.play().is("box-a", "changed")
	before := f.master.tree()
	wrong := []string{"-e", "hotpair_role=slave", "--limit", "box-a"}
	for _, args := range [][]string{{"--check"}, nil} {
		p := f.play(append(wrong, args...)...)
		p.is("box-a", "failed")
		p.says("calls here end then. Allow it with hotpair_allow: [stop], or correct its role. Nothing was changed.")
	}
	if f.master.tree() != before {
		t.Error("a role that was refused touched the node")
	}
	f.play(append(wrong, "-e", `{"hotpair_allow": ["stop"]}`)...).is("box-a", "changed")
}

func TestAnsibleTellsWhatHotpairEndsWith(t *testing.T) {
	t.Parallel()
	t.Run("locked", func(t *testing.T) {
		f := newFleet(t)
		h, err := host.Open(f.standby.dir)
		f.standby.must(err)
		lock, err := h.Lock(t.Context(), runLock, disk.Holder{PID: os.Getpid(), Command: "hotpair apply"}, 0)
		f.standby.must(err)
		defer lock.Release()
		p := f.play("-e", "hotpair_lock_timeout=1s")
		p.is("box-b", "failed")
		p.says("hotpair apply", "wait longer with hotpair_lock_timeout", "/etc/hotpair/ha.hcl is in place; nothing else was changed.", `"changed": true`, `"rc": 3`)
		f.standby.is("etc/xivo/ha.conf", absent)
	})
	t.Run("in part", func(t *testing.T) {
		f := newFleet(t)
		f.standby.put("var/lib/stub/systemctl", "case $* in *postgresql*) echo the unit is masked >&2; exit 5 ;; esac\n")
		p := f.play()
		p.is("box-b", "failed")
		p.says("restart postgresql: running /usr/bin/systemctl restart postgresql.service: exit status 5: the unit is masked", "Done before that: postgres_access, schedule, sentinel.", `"changed": true`, `"rc": 4`)
		f.standby.must(os.Remove(filepath.Join(f.standby.dir, "var/lib/stub/systemctl")))
		f.play().is("box-b", "changed")
		f.play().is("box-b", "ok")
	})
	t.Run("not installed", func(t *testing.T) {
		f := newFleet(t)
		f.binary = "/nowhere/hotpair"
		check := f.play("--check")
		check.is("box-b", "changed")
		check.says("hotpair is not installed on this node yet")
		p := f.play()
		p.is("box-b", "failed")
		p.says("/nowhere/hotpair is not on this node: install hotpair first")
		f.standby.is(haHCL, absent)
	})
}

// A text of one's own is taken as it is, with what ha.d adds on the node.
func TestAnsibleTakesAWholeConfiguration(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	text := "platform = \"wazo\"\nnode {\n  role = \"main\"\n}\npeer {\n  address = \"10.0.0.9\"\n}\nprovisioning {\n  enabled = false\n  token = \"open-sesame-94\"\n}\n"
	quoted, err := json.Marshal(text)
	f.master.must(err)
	f.vars = "    hotpair_config: " + string(quoted)
	f.master.put("etc/hotpair/ha.d/stock.hcl", "replication {\n  runner = \"stock\"\n}\n")
	p := f.play("--limit", "box-a", "--diff", "-vvvv")
	p.is("box-a", "changed")
	p.says(`+ha_conf remote_address = "10.0.0.9"`, `+schedule replicate database = "0 * * * * to 10.0.0.9"`)
	f.master.is(haHCL, text)
	if strings.Contains(p.text, "open-sesame") {
		t.Errorf("a secret is shown:\n%s", p.text)
	}
	f.master.put("etc/hotpair/ha.d/stock.hcl", "replication {\n  runer = \"stock\"\n}\n")
	p = f.play("--limit", "box-a")
	p.is("box-a", "failed")
	p.says("/etc/hotpair/ha.d/stock.hcl:2:3: Unsupported argument")
}

// The daemon takes an edit over by itself: whichever of the two is first, the
// other finds nothing to do.
func TestAnsibleBesideTheDaemon(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.play().is("box-a", "changed")
	(&watched{box: f.master}).watch()
	for _, schedule := range []string{"30 2 * * *", "31 2 * * *", "32 2 * * *"} {
		f.vars = "    hotpair_schedule: " + schedule
		p := f.play("--diff", "--limit", "box-a")
		p.is("box-a", "changed")
		p.says(`+schedule replicate database = "` + schedule + ` to 10.0.0.2"`)
		f.master.contains(f.master.get("etc/cron.d/xivo-ha-master"), schedule)
		f.play("--limit", "box-a").is("box-a", "ok")
	}
}

// What ha.hcl holds is in no output, however much is shown, unless that was
// asked for.
func TestAnsibleShowsNoSecret(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	const secret = "open-sesame-93"
	f.vars = "    hotpair_extra: \"provisioning {\\n  url = \\\"http://127.0.0.1:1/0.2\\\"\\n  enabled = false\\n  token = \\\"" + secret + "\\\"\\n}\""
	for _, args := range [][]string{{"--check", "--diff", "-vvvv"}, {"--diff", "-vvvv"}} {
		p := f.play(args...)
		p.is("box-b", "changed")
		if strings.Contains(p.text, secret) {
			at := strings.Index(p.text, secret)
			t.Errorf("shown: …%s…", p.text[max(0, at-300):at+50])
		}
	}
	f.standby.contains(f.standby.get(haHCL), secret)
	f.vars += "\n    hotpair_show_config: true\n    hotpair_schedule: 30 2 * * *"
	f.play("--check", "--diff").says(`+    schedule = "30 2 * * *"`)
}
