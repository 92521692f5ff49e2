package main

import "strings"

// leave goes back to what was before, and takes the package away.
func (m *machine) leave(before string) {
	m.Helper()
	out, code := m.try("hotpair", "uninstall", "--restore-stock", "--auto-approve")
	if m.contains(out, "systemctl disable --now hotpair"); code != exitLocked {
		m.Errorf("while the daemon runs it exits with %d", code)
	}
	m.warned()
	m.run("systemctl", "disable", "--now", "hotpair")
	m.Log(m.run("hotpair", "uninstall", "--restore-stock", "--auto-approve", "--allow", "restart"))
	if after := m.node(); after != before {
		m.Errorf("from\n%s\nto\n%s", before, after)
	}
	ours := m.get("/etc/hotpair/ha.hcl")
	m.Log(m.run("apt-get", "remove", "-qq", "hotpair"))
	if m.get("/etc/hotpair/ha.hcl") != ours {
		m.Error("removing the package took ha.hcl")
	}
	m.Log(m.run("apt-get", "purge", "-qq", "hotpair"))
	left := m.run("sh", "-c", "find / -xdev -name '*hotpair*' -not -path '/proc/*' -not -path '/srv/*' -not -path '/var/log/*' -not -path '/var/cache/*' -not -path '/sys/*' -not -path '*/wazo-auth-keys/*'")
	if rows := m.run("ls", "/var/lib/hotpair"); left != "/var/lib/hotpair\n" || rows != "kept\n" {
		m.Errorf("purging left\n%s\n%s", left, rows)
	}
}

// warned removes and purges the package of a node that has hotpair's values: the
// package says so, and what can give them back stays.
func (m *machine) warned() {
	m.Helper()
	m.contains(m.run("apt-get", "remove", "-qq", "hotpair"), "hotpair uninstall --restore-stock")
	if out, _ := m.try("systemctl", "is-active", "hotpair"); strings.TrimSpace(out) == "active" {
		m.Error("the daemon outlives its package")
	}
	m.contains(m.run("apt-get", "purge", "-qq", "hotpair"), "stay: they say what this node was before hotpair")
	if m.get("/var/lib/hotpair/ledger.json") == absent || m.get("/etc/hotpair/ha.hcl") == absent {
		m.Error("what gives the node back is gone")
	}
	m.run("apt-get", "install", "-qq", "--no-install-recommends", "/srv/newer.deb")
	m.run("systemctl", "enable", "--now", "hotpair")
}

// node is what hotpair may have changed of the node.
func (m *machine) node() string {
	m.Helper()
	return m.run("sh", "-c", `cd /; for f in etc/cron.d/* etc/crontab etc/xivo/* etc/postgresql/*/main/*.conf var/lib/wazo/is-*; do
	if [ -f "$f" ]; then stat -c '%n %a %U:%G' "$f"; cat "$f"; fi; done
runuser -u postgres -- psql -At -c "SELECT s::text, o::text FROM endpoint_sip_section s LEFT JOIN endpoint_sip_section_option o ON o.endpoint_sip_section_uuid = s.uuid ORDER BY 1, 2" asterisk`)
}
