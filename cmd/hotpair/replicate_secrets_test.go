package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// plant leaves 20 secrets where what follows the master is.
func (r *replicated) plant() (secrets []string) {
	r.t.Helper()
	secret := func(of string) string {
		s := fmt.Sprintf("pl4nted%s%d", of, len(secrets))
		secrets = append(secrets, s)
		return s
	}
	for _, where := range []string{
		"endpoint_sip_section_option SET value", "userfeatures SET description", "userfeatures SET userfield", "auth_user SET password_hash", "auth_user SET lastname", "voicemail SET password",
		"voicemail SET fullname", "extensions SET exten", "endpoint_sip SET label", "func_key_template SET name",
	} {
		table, column, _ := strings.Cut(where, " SET ")
		r.sql(r.box, fmt.Sprintf("UPDATE %[1]s SET %[2]s = '%[3]s' WHERE ctid = (SELECT min(ctid) FROM %[1]s)", table, column, secret("row")))
	}
	for _, where := range []string{"userfeatures SET firstname", "auth_user SET firstname", "voicemail SET email", "endpoint_sip SET label"} { // of the standby's own
		table, column, _ := strings.Cut(where, " SET ")
		r.sql(r.standby, fmt.Sprintf("UPDATE %[1]s SET %[2]s = '%[3]s' WHERE ctid = (SELECT max(ctid) FROM %[1]s)", table, column, secret("own")))
	}
	for i, name := range []string{moh + "/a.wav", "var/lib/wazo-auth-keys/token.yml", "root/.config/wazo-auth-cli/050-credentials.yml", "etc/asterisk/extensions_extra.d/x.conf"} {
		r.put(name, strings.Repeat(secret("file")+"\n", i+1))
		r.must(os.Chmod(filepath.Join(r.dir, name), 0o600))
	}
	key := r.get("root/.ssh/hotpair_ed25519")
	lines := strings.Split(key, "\n")
	return append(secrets, lines[2], lines[3])
}

func TestReplicationKeepsSecrets(t *testing.T) {
	t.Parallel()
	r := newPlatform(t, "")
	for _, b := range []box{r.box, r.standby} {
		for _, dir := range []string{"var/lib/wazo-auth-keys", "root/.config/wazo-auth-cli", "etc/asterisk/extensions_extra.d"} {
			r.must(os.MkdirAll(filepath.Join(b.dir, dir), 0o755))
		}
	}
	began := time.Now()
	secrets := r.plant()
	if len(secrets) != 20 {
		t.Fatalf("%d secrets", len(secrets))
	}
	r.must(os.Remove(filepath.Join(r.standby.dir, passive))) // it was active, and is again passive
	r.standby.put(passive, "")
	// A row's content is the reason of an error on the standby, which a check or a
	// function of its own makes.
	said := r.failing("ALTER TABLE voicemail ADD CONSTRAINT short CHECK (password NOT LIKE 'pl4nted%') NOT VALID", "ALTER TABLE voicemail DROP CONSTRAINT short", "violates check constraint", "short")
	said += r.failing("CREATE FUNCTION tells(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN IF $1 LIKE ''pl4nted%'' THEN RAISE EXCEPTION ''% is bad'', $1; END IF; RETURN true; END'; ALTER TABLE voicemail ADD CONSTRAINT tells CHECK (tells(password)) NOT VALID",
		"ALTER TABLE voicemail DROP CONSTRAINT tells; DROP FUNCTION tells", "it is not shown here")
	for _, global := range [][]string{{"--log-level", "debug"}, {"--json", "--log-level", "debug", "--log-format", "json"}} {
		for _, command := range [][]string{{"replicate", "--dry-run"}, {"replicate", "--verify"}, {"replicate"}, {"replicate", "--allow", "overwrite"}, {"replicate", "--full"}, {"history"}, {"status"}, {"replicate", "--verify"}} {
			got := r.hotpair(append(global, command...)...)
			said += got.out + got.err
		}
	}
	if !strings.Contains(said, "equal by content") {
		t.Fatal(said)
	}
	r.seek(secrets, "what was printed", []byte(said))
	for _, dir := range []string{filepath.Dir(r.dir), os.TempDir(), "/var/tmp", "/dev/shm"} {
		r.searchTree(secrets, dir, began)
	}
	kept, err := filepath.Glob(r.dir + "/var/lib/hotpair/kept/*")
	r.must(err)
	if len(kept) == 0 {
		t.Error("nothing was kept")
	}
	for _, name := range append(kept, r.dir+"/var/lib/hotpair/kept") {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

// failing runs while something of the standby's refuses the master's rows.
func (r *replicated) failing(arrange, mend string, says ...string) string {
	r.t.Helper()
	r.sql(r.standby, arrange)
	got := r.expect(exitError, "--log-level", "debug", "replicate", "database", "--allow", "overwrite")
	r.contains(got.err, append(says, "standby's database", nothingSent)...)
	r.sql(r.standby, mend)
	return got.out + got.err
}

func (r *replicated) seek(secrets []string, where string, text []byte) {
	r.t.Helper()
	for _, s := range secrets {
		if bytes.Contains(text, []byte(s)) {
			r.t.Errorf("%s is in %s", s, where)
		}
	}
}

// rightful are the places where what follows the master belongs, and what only
// root writes and reads.
var rightful = regexp.MustCompile(`/[ms]/(var/lib/postgresql/|var/lib/asterisk/moh/|var/lib/wazo-auth-keys/|root/\.config/wazo-auth-cli/|etc/asterisk/extensions_extra\.d/)|/m/root/\.ssh/hotpair_ed25519$|/m/etc/hotpair/|/m/root/\.(pgpass|netrc|ssh/xivo_id_rsa)$|/m/var/lib/hotpair/accepted\.json$|/m/var/lib/hotpair/kept/rows-[0-9a-f]{12}\.jsonl$`)

// searchTree searches everything that was written since.
func (r *replicated) searchTree(secrets []string, dir string, since time.Time) {
	r.t.Helper()
	r.must(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // others come and go below /tmp
		}
		ours := strings.HasPrefix(path, filepath.Dir(r.dir)+"/")
		if d.IsDir() && dir == os.TempDir() && path != dir && !strings.Contains(path, "hotpair") {
			return fs.SkipDir
		}
		info, err := d.Info()
		if err != nil || !info.Mode().IsRegular() || info.ModTime().Before(since) && !ours || rightful.MatchString(path) {
			return nil
		}
		if text, err := os.ReadFile(path); err == nil {
			r.seek(secrets, path, text)
		}
		return nil
	}))
}
