package resources

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// settle applies a configuration and returns the plan that it carried out.
func settle(t *testing.T, h *host.Host, cfg *schema.Config) reconcile.Plan {
	t.Helper()
	l, err := reconcile.OpenLedger(h.Root)
	if err != nil {
		t.Fatal(err)
	}
	e := env(t, h, cfg, l)
	declared, err := Declare(t.Context(), cfg, e)
	if err != nil {
		t.Fatal(err)
	}
	engine := &reconcile.Engine{
		Declared: declared, FollowUps: FollowUps(cfg, e), Ledger: l, Now: time.Now, Consent: []string{"restart"},
		Found: foundRecord(e.Found), Dismantling: cfg.Node.Role == schema.Disabled,
	}
	p, err := engine.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return p
}

func foundRecord(f Found) reconcile.Found {
	r := reconcile.Found{Role: string(f.Role)}
	if f.Peer.IsValid() {
		r.Peer = f.Peer.String()
	}
	return r
}

const (
	databaseLine = "0 * * * * root /usr/sbin/xivo-master-slave-db-replication 10.0.0.2 >/dev/null\n"
	filesLine    = "0 * * * * root /usr/bin/wazo-sync >/dev/null\n"
)

func TestJobsAreAdjustedWhereTheyStand(t *testing.T) {
	for name, c := range map[string]struct{ file, before, after string }{
		"nothing there": {"etc/cron.d/xivo-ha-master", "", databaseLine + filesLine},
		"another peer": {"etc/cron.d/xivo-ha-master",
			strings.ReplaceAll(databaseLine, "10.0.0.2", "10.0.0.9") + filesLine, databaseLine + filesLine},
		"own lines and redirections stay": {"etc/cron.d/own",
			"MAILTO=ops\n*/5 *\t* * *\troot\tnice /usr/sbin/xivo-master-slave-db-replication  10.0.0.9 2>&1 | logger\n# end\n" + filesLine,
			"MAILTO=ops\n0 *\t* * *\troot\tnice /usr/sbin/xivo-master-slave-db-replication  10.0.0.2 2>&1 | logger\n# end\n" + filesLine},
		"twice is once": {"etc/cron.d/xivo-ha-master",
			filesLine + databaseLine + databaseLine + strings.Replace(databaseLine, "0", "30", 1), filesLine + databaseLine},
		"options and what follows stay": {"etc/cron.d/xivo-ha-master",
			"1 * * * * root /usr/sbin/xivo-master-slave-db-replication --quiet 10.0.0.9 >>/var/log/x 2>&1; logger done\n" + filesLine,
			"0 * * * * root /usr/sbin/xivo-master-slave-db-replication --quiet 10.0.0.2 >>/var/log/x 2>&1; logger done\n" + filesLine},
		"no address": {"etc/cron.d/xivo-ha-master", "0 * * * * root /usr/sbin/xivo-master-slave-db-replication\n" + filesLine, databaseLine + filesLine},
		"the other role's job": {"etc/cron.d/xivo-ha-master",
			databaseLine + filesLine + "* * * * * root /usr/sbin/xivo-check-master-status 10.0.0.2 >/dev/null\n", databaseLine + filesLine},
		"no end of line": {"etc/cron.d/xivo-ha-master", strings.TrimSuffix(filesLine, "\n"), filesLine + databaseLine},
	} {
		t.Run(name, func(t *testing.T) {
			h, dir := sandbox(t, "wazo")
			put(t, dir, c.file, c.before)
			settle(t, h, config(t, "master", "10.0.0.2"))
			if got := get(t, dir, c.file); got != c.after {
				t.Errorf("%s is\n%s\nnot\n%s", c.file, got, c.after)
			}
			if p := settle(t, h, config(t, "master", "10.0.0.2")); len(p.Steps) != 0 {
				t.Errorf("not settled: %v", p.Steps)
			}
		})
	}
}

func TestFilesThatCronDoesNotReadAreLeftAlone(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	for _, name := range []string{"etc/cron.d/xivo-ha-master.dpkg-old", "etc/cron.d/xivo-ha-master~", "etc/cron.d/.xivo"} {
		put(t, dir, name, databaseLine)
	}
	settle(t, h, config(t, "slave", "10.0.0.2"))
	if got := get(t, dir, "etc/cron.d/xivo-ha-master.dpkg-old"); got != databaseLine {
		t.Errorf("it is now %q", got)
	}
}

func TestWhatIsReplacedIsRemembered(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	found := "# by hand, 2019\n#" + databaseLine + filesLine
	put(t, dir, "etc/cron.d/xivo-ha-master", found)
	settle(t, h, config(t, "slave", "10.0.0.2"))
	l, err := reconcile.OpenLedger(h.Root)
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Things["schedule"].Original["/etc/cron.d/xivo-ha-master"]; got != found {
		t.Errorf("remembered %q", got)
	}
	if got := get(t, dir, "etc/cron.d/xivo-ha-master"); got != "# by hand, 2019\n#"+databaseLine {
		t.Errorf("left %q", got)
	}
}

func TestJobsFollowWhatIsSwitchedOff(t *testing.T) {
	for block, want := range map[string]string{
		"database {\n  enabled = false\n}":                                              filesLine,
		"replication {\n  directories = []\n}":                                          databaseLine,
		"replication {\n  runner = \"none\"\n}\n":                                       "",
		"replication {\n  schedule = \"@daily\"\n  files_schedule = \"5 4 * * sun\"\n}": strings.Replace(databaseLine, "0 * * * *", "@daily", 1) + strings.Replace(filesLine, "0 * * * *", "5 4 * * sun", 1),
	} {
		h, dir := sandbox(t, "wazo")
		put(t, dir, "etc/cron.d/xivo-ha-master", databaseLine+filesLine)
		settle(t, h, config(t, "master", "10.0.0.2", block))
		if there, err := h.Exists("/etc/cron.d/xivo-ha-master"); err != nil || there != (want != "") {
			t.Errorf("%s: there %v, %v", block, there, err)
		} else if there && get(t, dir, "etc/cron.d/xivo-ha-master") != want {
			t.Errorf("%s: %s", block, get(t, dir, "etc/cron.d/xivo-ha-master"))
		}
	}
}

// Nobody takes the stock jobs away before hotpair's own daemon can replicate.
func TestTheStockJobsGoOnUntilTheDaemonReplicates(t *testing.T) {
	const key = "peer {\n  ssh {\n    host_key = \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHf9uKbdZ1vDTZ8j0bm1yKcJf1Y5rLv4q8oN2YzW1xYk\"\n  }\n}\n"
	for _, c := range []struct {
		key     string
		watched bool
		note    string
	}{{"", false, "hotpair init"}, {"", true, "hotpair init"}, {key, false, "hotpair watch"}, {key, true, ""}} {
		h, dir := sandbox(t, "wazo")
		put(t, dir, "etc/cron.d/xivo-ha-master", databaseLine+filesLine)
		cfg, diags := schema.Load([]schema.Source{
			{Name: "ha.hcl", Text: []byte("node {\n  role = \"master\"\n}\npeer {\n  address = \"10.0.0.2\"\n}\n")}, {Name: "key.hcl", Text: []byte(c.key)},
		}, schema.Options{})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		list, err := declareSchedule(t.Context(), cfg, Env{Host: h, Watched: c.watched})
		if err != nil {
			t.Fatal(err)
		}
		s := list[0].Resource.(*Schedule)
		want, err := s.Want(t.Context())
		if err != nil || want.Absent() != (c.note == "") {
			t.Errorf("%+v: %v, %v", c, want, err)
		}
		notes, err := s.Notes(t.Context())
		if err != nil || c.note == "" && len(notes) > 0 || c.note != "" && !strings.Contains(notes[0].Text, c.note) {
			t.Errorf("%+v: %v, %v", c, notes, err)
		}
	}
}

func TestOnlyWhatIsRunIsAStockJob(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	own := "@daily root rm -f /var/tmp/wazo-sync\n*/5 * * * * root pgrep -f /usr/bin/wazo-sync >/dev/null || logger gone\n# 0 * * * * root /usr/bin/wazo-sync\n"
	put(t, dir, "etc/cron.d/own", own)
	settle(t, h, config(t, "slave", "10.0.0.2"))
	if p := settle(t, h, config(t, "disabled", "10.0.0.2")); len(p.Notes) != 0 {
		t.Errorf("notes: %v", p.Notes)
	}
	if got := get(t, dir, "etc/cron.d/own"); got != own {
		t.Errorf("it is now %q", got)
	}
	for line, want := range map[string]bool{
		"/usr/bin/wazo-sync": true, "wazo-sync -q": true, "nice -n 19 ionice -c3 /usr/bin/wazo-sync": true, "LANG=C timeout 50m xivo-sync": true,
		"flock -n /run/lock/ha /usr/bin/wazo-sync": true, "env A=b /usr/bin/wazo-sync": true,
		"rm /usr/bin/wazo-sync": false, "nice rm /usr/bin/wazo-sync": false, "echo wazo-sync": false, "/usr/bin/wazo-syncer": false, "nice": false, "A=b": false,
	} {
		words := strings.Fields(line)
		i := commandWord(words)
		if got := i >= 0 && jobOf(words[i]) != ""; got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}

func TestAPauseOutlivesAChangeOfTheRole(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	put(t, dir, "etc/cron.d/xivo-ha-master", "#"+databaseLine+filesLine)
	for _, role := range []string{"master", "slave", "master"} {
		settle(t, h, config(t, role, "10.0.0.2"))
	}
	if got := get(t, dir, "etc/cron.d/xivo-ha-master"); got != "#"+databaseLine+filesLine {
		t.Errorf("it is now %q", got)
	}
}

func TestLinksAndDirectoriesInCronDAreNoObstacle(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	put(t, dir, "srv/own-jobs", databaseLine)
	for link, target := range map[string]string{"etc/cron.d/linked": "../../srv/own-jobs", "etc/cron.d/dangling": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "etc/cron.d/directory"), 0o755); err != nil {
		t.Fatal(err)
	}
	settle(t, h, config(t, "master", "10.0.0.2"))
	if got := get(t, dir, "etc/cron.d/xivo-ha-master"); got != filesLine {
		t.Errorf("the job behind the link was not seen: %q", got)
	}
}

func TestACommandThatIsGoneIsReported(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	put(t, dir, "etc/cron.d/xivo-ha-master", databaseLine+strings.Replace(filesLine, "wazo", "xivo", 1))
	p := settle(t, h, config(t, "master", "10.0.0.2"))
	if len(p.Notes) != 1 || p.Notes[0].Code != "dead_command" || !strings.Contains(p.Notes[0].Text, "line 2, starts /usr/bin/xivo-sync") {
		t.Errorf("notes: %v", p.Notes)
	}
}

func TestALineThatDoesMoreIsNotTakenAway(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	put(t, dir, "etc/cron.d/own", "2 2 * * * root wazo-sync && /usr/local/bin/billing\n")
	cfg := config(t, "slave", "10.0.0.2")
	l, err := reconcile.OpenLedger(h.Root)
	if err != nil {
		t.Fatal(err)
	}
	declared, err := Declare(t.Context(), cfg, env(t, h, cfg, l))
	if err != nil {
		t.Fatal(err)
	}
	e := &reconcile.Engine{Declared: declared, FollowUps: FollowUps(cfg, Env{Host: h}), Ledger: l}
	if err := planError(t, e); err == nil || !strings.Contains(err.Error(), "/etc/cron.d/own, line 1 starts the stock job replicate files and something else") {
		t.Errorf("got %v", err)
	}
}

func TestAStockJobBehindAnotherCommandIsReported(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	put(t, dir, "etc/cron.d/own", "* * * * * root [ -e /tmp/x ] && /usr/sbin/xivo-check-master-status 10.0.0.2\n")
	p := settle(t, h, config(t, "disabled", "10.0.0.2"))
	if len(p.Notes) != 1 || p.Notes[0].Code != "unclear" {
		t.Errorf("notes: %v", p.Notes)
	}
}
