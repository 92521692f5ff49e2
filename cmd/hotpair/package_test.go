package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The package of a distribution is judged by its own tools.
func TestPackageIsClean(t *testing.T) {
	t.Parallel()
	needs(t, "lintian")
	cmd := exec.Command("lintian", "--allow-root", "--fail-on", "error,warning", debPackage(t))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// What a newcomer does with the package, what the daemon does in its sandbox, and
// what is left when the package goes.
func TestPackage(t *testing.T) {
	t.Parallel()
	shared := t.TempDir()
	deb := debPackage(t)
	for name, version := range map[string]string{"hotpair.deb": "", "newer.deb": version + "+1"} {
		repack(t, deb, filepath.Join(shared, name), version)
	}
	m := newMachine(t, shared)
	before := m.node()
	m.newcomer()
	m.exposure()
	m.sandboxed()
	m.upgrade()
	m.replicates()
	m.standby()
	m.withoutBus()
	m.leave(before)
}

// repack copies a package, with another version where one is given.
func repack(t *testing.T, from, to, version string) {
	t.Helper()
	script := `set -e; dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; dpkg-deb -R "$1" "$dir/x"
if [ -n "$3" ]; then sed -i "s/^Version:.*/Version: $3/" "$dir/x/DEBIAN/control"; fi
dpkg-deb --root-owner-group -Znone -b "$dir/x" "$2"`
	if out, err := exec.Command("sh", "-c", script, "sh", from, to, version).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// newcomer goes the documented way, with a stopwatch.
func (m *machine) newcomer() {
	m.Helper()
	began := time.Now()
	step := func(script string) string {
		m.Helper()
		at := time.Now()
		out := m.run("sh", "-c", script)
		m.Logf("# %s (%.1f s)\n%s", script, time.Since(at).Seconds(), out)
		return out
	}
	m.contains(step("apt-get install -qq --no-install-recommends /srv/hotpair.deb"), "hotpair adopt > /etc/hotpair/ha.hcl")
	if out, _ := m.try("systemctl", "is-enabled", "hotpair"); strings.TrimSpace(out) != "disabled" {
		m.Errorf("after the installation the unit is %s", out)
	}
	step("hotpair adopt > /etc/hotpair/ha.hcl")
	step("hotpair doctor || [ $? = 2 ]") // 2: it found something to mend
	m.contains(step("hotpair plan --detailed-exitcode"), "No changes.")
	step("systemctl enable --now hotpair")
	if out := step("systemctl is-active hotpair"); strings.TrimSpace(out) != "active" {
		m.Errorf("the daemon is %s", out)
	}
	step("hotpair status")
	m.Logf("from the package to a daemon that keeps the node: %.1f s of waiting for commands", time.Since(began).Seconds())
}

// exposure is judged by systemd itself.
func (m *machine) exposure() {
	m.Helper()
	out := m.run("systemd-analyze", "security", "--no-pager", "hotpair.service")
	level := regexp.MustCompile(`exposure level for hotpair.service: ([0-9.]+)`).FindStringSubmatch(out)
	if level == nil {
		m.Fatalf("no level in\n%s", out)
	}
	if n, err := strconv.ParseFloat(level[1], 64); err != nil || n > 3 {
		m.Errorf("exposure %s\n%s", level[1], out)
	}
	m.Logf("systemd-analyze security: %s", level[1])
}

// sandboxed has the daemon write everywhere that it may have to, and run the
// platform's commands.
func (m *machine) sandboxed() {
	m.Helper()
	adopted := m.get("/etc/hotpair/ha.hcl")
	m.put("/etc/hotpair/ha.hcl", strings.Replace(adopted, m.peer.V4.String(), "10.77.0.99", 1)+"\nsip_expiry {\n  min     = \"3m\"\n  max     = \"4m\"\n  default = \"4m\"\n}\n", "644")
	m.until("ha.conf", func() bool { return strings.Contains(m.get("/etc/xivo/ha.conf"), "10.77.0.99") })
	m.contains(m.get("/etc/cron.d/xivo-ha-master"), "10.77.0.99")
	m.contains(m.psql("SELECT value FROM endpoint_sip_section_option WHERE key = 'maximum_expiration'"), "240")
	for id, d := range m.provd.Configs() {
		if backup, has := d["registrar_backup"]; has && backup != "10.77.0.99" {
			m.Errorf("%s has the backup %v", id, backup)
		}
	}
	m.until("the reload", func() bool { return strings.Contains(m.get("/opt/commands.log"), "asterisk -rx") })
	m.outside()
}

// outside insists that no command of the platform was in a sandbox.
func (m *machine) outside() {
	m.Helper()
	log := m.get("/opt/commands.log")
	for line := range strings.Lines(log) {
		if !strings.HasSuffix(line, " 1\n") && !strings.HasSuffix(line, "ended\n") {
			m.Errorf("in the sandbox: %s", line)
		}
	}
	if log := m.get(inside); log != absent {
		m.Errorf("in the sandbox: %s", log)
	}
}

// upgrade leaves the administrator's file, and the new program runs.
func (m *machine) upgrade() {
	m.Helper()
	before, pid := m.get("/etc/hotpair/ha.hcl"), m.run("systemctl", "show", "-P", "MainPID", "hotpair")
	m.put("/etc/hotpair/ha.d/mine.hcl", "# mine\n", "644")
	m.Log(m.run("apt-get", "install", "-qq", "--no-install-recommends", "/srv/newer.deb"))
	if after := m.get("/etc/hotpair/ha.hcl"); after != before || m.get("/etc/hotpair/ha.d/mine.hcl") != "# mine\n" {
		m.Errorf("the upgrade left\n%s", after)
	}
	if out := m.run("systemctl", "is-active", "hotpair"); strings.TrimSpace(out) != "active" || m.run("systemctl", "show", "-P", "MainPID", "hotpair") == pid {
		m.Errorf("after the upgrade the daemon is %s, of the same process", out)
	}
}
