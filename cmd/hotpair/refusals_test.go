package main

import (
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/sshd"
	"github.com/hotpair/hotpair/resources/peer"
)

// refusal is a run that must not come about.
type refusal struct {
	name    string
	arrange func(r *replicated) (mend func())
	says    []string // what is wrong, and what to do
	args    []string // instead of the database
}

const (
	haHCL      = "etc/hotpair/ha.hcl"
	passive    = "var/lib/wazo/disabled"
	remembered = "var/lib/hotpair/replication.json"
)

func TestARunThatIsNotSafeChangesNothing(t *testing.T) {
	t.Parallel()
	r := newPlatform(t, "")
	for _, list := range [][]refusal{ofTheChannel(), ofTheStandby(), ofTheMaster(), ofTheServers()} {
		for i, f := range list {
			t.Run(f.name, func(t *testing.T) { r.refuses(t, f, i) })
		}
	}
	// The standby was active, and counts anew since it was killed: what differs may be its own.
	r.expect(exitOK, "replicate", "database", "--allow", "overwrite")
	if !maps.Equal(r.digest(r.box, r.copied()), r.digest(r.standby, r.copied())) {
		t.Error("something was lost")
	}
}

// refuses insists that nothing is changed and that the message says what to do,
// and mends what was arranged.
func (r *replicated) refuses(t *testing.T, f refusal, n int) {
	r.sql(r.box, fmt.Sprintf("UPDATE userfeatures SET description = 'edit %d' WHERE id = (SELECT min(id) FROM userfeatures)", n))
	rows := r.digest(r.standby, edited())
	mend := f.arrange(r)
	tree := r.standby.untouched()
	args := append([]string{"replicate"}, f.args...)
	if f.args == nil {
		args = append(args, "database")
	}
	got := r.hotpair(args...)
	if got.code != exitError || !strings.Contains(got.err, nothingSent) {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	for _, part := range f.says {
		if !strings.Contains(got.err, part) {
			t.Errorf("%q is not in %s", part, got.err)
		}
	}
	if strings.Count(got.err, "\n") > 2 {
		t.Errorf("more than a message: %q", got.err)
	}
	t.Log(strings.TrimSpace(got.err))
	if now := r.standby.untouched(); now != tree {
		t.Errorf("the standby's files changed from\n%s\nto\n%s", tree, now)
	}
	mend()
	if !maps.Equal(r.digest(r.standby, edited()), rows) {
		t.Error("the standby's rows changed")
	}
}

// untouched shows a node's files but those of its servers and of the system.
func (b box) untouched() string {
	b.t.Helper()
	var all strings.Builder
	b.must(filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch rel := strings.TrimPrefix(path, b.dir+"/"); rel {
		case "var/lib/postgresql", "var/run", "var/log", "run", "etc/postgresql":
			return fs.SkipDir
		}
		info, err := d.Info()
		if err == nil {
			fmt.Fprintln(&all, path, info.Mode(), info.Size(), info.ModTime())
		}
		return err
	}))
	return all.String()
}

// replaces puts a text in the place of another in a file, and gives what undoes
// that.
func (b box) replaces(name, old, text string) (undo func()) {
	b.t.Helper()
	was := b.get(name)
	if !strings.Contains(was, old) {
		b.t.Fatalf("%q is not in %s", old, name)
	}
	b.put(name, strings.Replace(was, old, text, 1))
	return func() { b.put(name, was) }
}

// moves moves a file away until it is undone.
func (b box) moves(name string) (undo func()) {
	b.t.Helper()
	path := filepath.Join(b.dir, name)
	b.must(os.Rename(path, path+".away"))
	return func() { b.must(os.Rename(path+".away", path)) }
}

// stranger is another sshd at the peer's address, which ha.hcl then names.
func (r *replicated) stranger(hostKey, admits string) (mend func()) {
	r.t.Helper()
	dir, err := os.MkdirTemp(filepath.Dir(r.dir), "stranger")
	r.must(err)
	r.must(os.WriteFile(dir+"/authorized_keys", []byte(admits), 0o600))
	port := boxtest.FreePort(r.t, "127.0.0.2")
	s, err := sshd.Start(r.t.Context(), sshd.Options{Dir: dir, HostKey: hostKey, AuthorizedKeys: dir + "/authorized_keys", Address: netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), uint16(port))})
	r.must(err)
	undo := r.replaces(haHCL, fmt.Sprint("port = ", r.port), fmt.Sprint("port = ", port))
	return func() {
		undo()
		r.must(s.Close())
	}
}

func ofTheChannel() []refusal {
	ours := func(r *replicated) string { return filepath.Dir(r.dir) + "/sshd/ssh_host_ed25519_key" }
	const otherKey, compare = "another host key than the pinned one: SHA256:", "compare on the peer, then change peer.ssh.host_key"
	return []refusal{
		{"wrong host key pinned", func(r *replicated) func() {
			return r.replaces(haHCL, r.hostKey, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHf9uKbdZ1vDTZ8j0bm1yKcJf1Y5rLv4q8oN2YzW1xYk")
		}, []string{otherKey, compare}, nil},
		{"a stranger at the address", func(r *replicated) func() { return r.stranger("", r.get(peer.Identity+".pub")) }, []string{otherKey, compare}, nil},
		{"a stranger with the pinned key", func(r *replicated) func() { return r.stranger(ours(r), r.get(peer.Identity+".pub")) },
			[]string{"has no hotpair", "install it there", "hotpair init"}, nil},
		{"a stranger who answers anything", func(r *replicated) func() {
			return r.stranger(ours(r), `command="echo {}" `+r.get(peer.Identity+".pub"))
		}, []string{"is not hotpair's state", "hotpair authorize"}, nil},
		{"key not admitted", func(r *replicated) func() { return r.stranger(ours(r), "") }, []string{"does not admit our key", "run `hotpair init`"}, nil},
		{"key missing", func(r *replicated) func() { return r.moves(peer.Identity) }, []string{peer.Identity, "run `hotpair init`"}, nil},
		{"sshd does not run", func(r *replicated) func() {
			return r.replaces(haHCL, fmt.Sprint("port = ", r.port), fmt.Sprint("port = ", boxtest.FreePort(r.t, "127.0.0.2")))
		}, []string{"connection refused", "that sshd runs there"}, nil},
	}
}

// answering puts a program between sshd and the standby's hotpair.
func (r *replicated) answering(script string) (mend func()) {
	r.t.Helper()
	name := filepath.Join(filepath.Dir(r.dir), "between")
	own := binary(r.t) + " --root " + r.standby.dir + " peer"
	r.must(os.WriteFile(name, []byte("#!/bin/sh\n"+strings.ReplaceAll(script, "HOTPAIR", own)+"\n"), 0o755))
	return r.standby.replaces(peer.AuthorizedKeys, own, name)
}

func ofTheStandby() []refusal {
	return []refusal{
		{"standby active", func(r *replicated) func() { return r.standby.moves(passive) }, []string{"its services are active"}, nil},
		{"standby says master", func(r *replicated) func() { return r.standby.replaces(haHCL, `"slave"`, `"master"`) }, []string{"the peer is master: write role"}, nil},
		{"standby's ha.hcl cannot be read", func(r *replicated) func() { return r.standby.replaces(haHCL, "node {", "nodes {") }, []string{"configuration of this node cannot be used"}, nil},
		{"clock an hour off", func(r *replicated) func() {
			return r.answering(`HOTPAIR | sed -u 's/"now":"[^"]*"/"now":"'$(date -u -d '-1 hour' +%Y-%m-%dT%H:%M:%SZ)'"/'`)
		}, []string{"the clocks are 1h0m", "time server"}, nil},
		{"files of a directory that the standby does not declare", func(r *replicated) func() {
			undo := r.replaces(haHCL, "provisioning {", "replication {\n  extra_directories = [\"/srv/more\"]\n}\nprovisioning {")
			r.must(os.MkdirAll(r.dir+"/srv/more", 0o755))
			return undo
		}, []string{"does not name /srv/more", "on both nodes"}, []string{"files"}},
		{"permission missing", func(r *replicated) func() {
			r.sql(r.box, "CREATE ROLE keeper LOGIN SUPERUSER")
			r.sql(r.standby, "CREATE ROLE keeper LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO keeper; GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO keeper; GRANT USAGE ON SCHEMA public TO keeper")
			const block = "database {\n  url = \"postgres:///asterisk?host=/var/run/postgresql&user=keeper\"\n}\nprovisioning {"
			one, other := r.replaces(haHCL, "provisioning {", block), r.standby.replaces(haHCL, "provisioning {", block)
			return func() {
				one()
				other()
				r.sql(r.standby, "DROP OWNED BY keeper; DROP ROLE keeper")
				r.sql(r.box, "DROP ROLE keeper")
			}
		}, []string{"standby's database: permission denied", "session_replication_role", "connect as a superuser"}, nil},
		{"a trigger that always fires", func(r *replicated) func() {
			r.sql(r.standby, "CREATE FUNCTION nosy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.description = ''changed''; RETURN NEW; END'; CREATE TRIGGER nosy BEFORE INSERT ON userfeatures FOR EACH ROW EXECUTE FUNCTION nosy(); ALTER TABLE userfeatures ENABLE ALWAYS TRIGGER nosy")
			return func() { r.sql(r.standby, "DROP FUNCTION nosy() CASCADE") }
		}, []string{"nosy", "userfeatures", "ENABLE TRIGGER"}, nil},
	}
}
