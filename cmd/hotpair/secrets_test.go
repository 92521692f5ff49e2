package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const planted = "pl4nted"

// plantings are configurations with a secret in each place that takes one, and
// the same with a mistake beside it.
func plantings() map[string]string {
	return map[string]string{
		"token":              "provisioning {\n  token = \"pl4nted\"\n}",
		"token from a file":  "provisioning {\n  token = file(\"/etc/hotpair/pl4nted.key\")\n}",
		"token from the env": "provisioning {\n  token = env(\"HOTPAIR_TOKEN\")\n}",
		"token, built":       "provisioning {\n  token = format(\"%s%s\", \"pl4\", lower(file(\"/etc/hotpair/pl4nted.key\")))\n}",
		"token as heredoc":   "provisioning {\n  token = <<EOT\npl4nted\nEOT\n}",
		"provd url":          "provisioning {\n  url = \"http://user:pl4nted@127.0.0.1:8666/0.2\"\n}",
		"auth url":           "provisioning {\n  auth {\n    url = \"https://user:pl4nted@127.0.0.1/0.1\"\n    key_file = \"/etc/hotpair/pl4nted.key\"\n  }\n}",
		"database url":       "database {\n  url = \"postgres://asterisk:pl4nted@127.0.0.1/asterisk\"\n}",
		"database query":     "database {\n  url = \"postgres:///asterisk?host=/var/run/postgresql&password=pl4nted\"\n}",
		"database, built":    "database {\n  url = format(\"postgres://a:%s@127.0.0.1/asterisk\", file(\"/etc/hotpair/pl4nted.key\"))\n}",
		"mistyped token":     "provisioning {\n  tokn = \"pl4nted\"\n}",
		"mistyped block":     "provisionin {\n  token = \"pl4nted\"\n}",
		"unclosed":           "provisioning {\n  token = \"pl4nted",
		"token as number":    "provisioning {\n  token = [\"pl4nted\"]\n}",
		"bad database port":  "database {\n  url = \"postgres://asterisk:pl4nted@127.0.0.1:99999999/asterisk\"\n}",
		"bad scheme":         "database {\n  url = \"mysql://asterisk:pl4nted@127.0.0.1/asterisk\"\n}",
		"percent":            "database {\n  url = \"postgres://asterisk:pl4nted%zz@127.0.0.1/asterisk\"\n}",
		"as a directory":     "replication {\n  extra_directories = [file(\"/etc/hotpair/pl4nted.key\")]\n}",
		"as a schedule":      "replication {\n  schedule = file(\"/etc/hotpair/pl4nted.key\")\n}",
		"as a duration":      "sip_expiry {\n  max = file(\"/etc/hotpair/pl4nted.key\")\n}",
		"as a key file":      "provisioning {\n  auth {\n    url = \"http://127.0.0.1/\"\n    key_file = file(\"/etc/hotpair/pl4nted.key\")\n  }\n}",
		"as a table":         "replication {\n  extra_exclude {\n    tables = [file(\"/etc/hotpair/pl4nted.key\")]\n  }\n}",
		"as a policy":        "actions {\n  restart = file(\"/etc/hotpair/pl4nted.key\")\n}",
		"as a number":        "watch {\n  max_heals = file(\"/etc/hotpair/pl4nted.key\")\n}",
		"in a format":        "provisioning {\n  token = format(\"%d\", file(\"/etc/hotpair/pl4nted.key\"))\n}",
		"in a condition":     "provisioning {\n  token = file(\"/etc/hotpair/pl4nted.key\") == \"pl4nted\" ? 1 : \"pl4nted\"\n}",
		"smtp password":      "alert \"ops\" {\n  mail {\n    to = [\"ops@example.org\"]\n    from = \"ha@example.org\"\n    smtp {\n      server = \"127.0.0.1:1\"\n      user = \"ha\"\n      password = \"pl4nted\"\n    }\n  }\n}",
		"webhook url":        "alert \"ops\" {\n  webhook {\n    url = \"https://127.0.0.1:1/pl4nted?key=pl4nted\"\n  }\n}",
		"webhook token":      "alert \"ops\" {\n  webhook {\n    url = \"http://127.0.0.1:1/pl4nted\"\n    token = file(\"/etc/hotpair/pl4nted.key\")\n  }\n}",
		"webhook, bad port":  "alert \"ops\" {\n  webhook {\n    url = \"https://127.0.0.1:99999/pl4nted\"\n  }\n}",
		"webhook in clear":   "alert \"ops\" {\n  webhook {\n    url = \"http://hooks.example.org/pl4nted\"\n    token = \"pl4nted\"\n  }\n}",
		"two tokens":         "provisioning {\n  token = \"pl4nted\"\n  token = \"pl4nted\"\n}",
		"token and auth":     "provisioning {\n  token = \"pl4nted\"\n  auth {\n    url = \"http://127.0.0.1/\"\n    key_file = \"/x/..\"\n  }\n}",
	}
}

func TestSecretsAreNowhere(t *testing.T) {
	t.Setenv("HOTPAIR_TOKEN", planted)
	for name, block := range plantings() {
		for _, role := range []string{"master", "slave"} {
			t.Run(name+" "+role, func(t *testing.T) {
				b := newBox(t, "wazo")
				b.put("etc/hotpair/pl4nted.key", planted+"\n")
				b.declare(role, "10.0.0.2", block)
				b.search(b.everything())
			})
		}
	}
}

func TestSecretsInThePeerAreNowhere(t *testing.T) {
	t.Parallel()
	for _, argument := range []string{"address = file(\"/etc/hotpair/pl4nted.key\")", "address = \"10.0.0.2\"\n  ssh {\n    host_key = file(\"/etc/hotpair/pl4nted.key\")\n  }", "adress = \"pl4nted\""} {
		b := newBox(t, "wazo")
		b.put("etc/hotpair/pl4nted.key", planted+"\n")
		b.put("etc/hotpair/ha.hcl", "platform = \"wazo\"\nnode {\n  role = \"master\"\n}\npeer {\n  "+argument+"\n}\n")
		b.expect(exitError, "validate")
		b.search(b.everything())
	}
}

// everything runs every command in every way of printing, well and with a
// failing command, and returns all that was printed.
func (b box) everything() string {
	plan := filepath.Join(b.dir, "saved.plan")
	var said strings.Builder
	for _, global := range [][]string{{"--log-level", "debug"}, {"--json", "--log-level", "debug", "--log-format", "json"}} {
		for _, command := range [][]string{
			{"validate"}, {"plan", "--out", plan}, {"apply"}, {"drift"}, {"adopt"}, {"apply", "--auto-approve", "--allow", "restart"},
			{"plan"}, {"apply", plan}, {"status"}, {"drift"}, {"fmt", "--check"}, {"doctor"}, {"alert", "test"}, {"alert", "list"},
		} {
			r := b.hotpair(append(global, command...)...)
			said.WriteString(r.out + r.err)
		}
		b.put("etc/xivo/ha.conf", "{}")
		b.put("var/lib/stub/systemctl", "exit 1\n")
	}
	return said.String()
}

// ours insists that nobody else reads a file that holds secrets as ha.hcl and what
// it names do.
func (b box) ours(d fs.DirEntry) error {
	info, err := d.Info()
	if err == nil && info.Mode().Perm() != 0o600 {
		err = fmt.Errorf("%s can be read by others: %s", d.Name(), info.Mode())
	}
	return err
}

func (b box) search(said string) {
	b.t.Helper()
	if strings.Contains(strings.ReplaceAll(said, planted+".key", ""), planted) {
		b.t.Errorf("the secret was printed:\n%s", said)
	}
	err := filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Type() == fs.ModeSocket || strings.Contains(path, "etc/hotpair/") {
			return err
		}
		if strings.HasSuffix(path, acceptedPath) {
			return b.ours(d)
		}
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), planted) {
			b.t.Errorf("the secret is in %s", path)
		}
		return err
	})
	b.must(err)
}
