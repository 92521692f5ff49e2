package resources

import (
	"slices"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/reconcile"
)

const (
	hbaFile  = "etc/postgresql/15/main/pg_hba.conf"
	confFile = "etc/postgresql/15/main/postgresql.conf"
)

func TestAccessIsGrantedBeforeAnyLineThatWouldRefuseIt(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	before := "host all all 0.0.0.0/0 reject\n" + get(t, dir, hbaFile)
	put(t, dir, hbaFile, before)
	settle(t, h, config(t, "slave", "10.0.0.1"))
	if got := get(t, dir, hbaFile); !strings.HasPrefix(got, "# BEGIN hotpair") || !strings.HasSuffix(got, "# END hotpair\n"+before) {
		t.Errorf("pg_hba.conf is\n%s", got)
	}
}

func TestAnotherPeerTakesTheOldOnesPlace(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T, dir string){
		"of hotpair's own": func(*testing.T, string) {},
		"of the stock tools": func(t *testing.T, dir string) {
			put(t, dir, "etc/xivo/ha.conf", `{"node_type": "slave", "remote_address": "10.0.0.1"}`)
			put(t, dir, hbaFile, get(t, dir, hbaFile)+"host asterisk postgres 10.0.0.1/32 trust\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, dir := sandbox(t, "wazo")
			prepare(t, dir)
			settle(t, h, config(t, "slave", "10.0.0.1"))
			settle(t, h, config(t, "slave", "10.0.0.7"))
			got := get(t, dir, hbaFile)
			if strings.Contains(got, "10.0.0.1/32") || strings.Count(got, "host asterisk postgres 10.0.0.7/32 trust\n") != 1 {
				t.Errorf("pg_hba.conf is\n%s", got)
			}
		})
	}
}

func TestSSHNeedsNoAccess(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	before := get(t, dir, hbaFile) + get(t, dir, confFile)
	settle(t, h, config(t, "slave", "10.0.0.1"))
	settle(t, h, config(t, "slave", "10.0.0.1", "replication {\n  access = \"ssh\"\n}"))
	if got := get(t, dir, hbaFile) + get(t, dir, confFile); got != before {
		t.Errorf("left\n%s", got)
	}
}

func TestTheAdministratorsOwnAccessIsTakenAsItIs(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	put(t, dir, hbaFile, "host all postgres 10.0.0.0/8 trust\n"+get(t, dir, hbaFile))
	put(t, dir, confFile, get(t, dir, confFile)+"listen_addresses = 'localhost, 10.0.0.2'")
	before := get(t, dir, hbaFile) + get(t, dir, confFile)
	settle(t, h, config(t, "slave", "10.0.0.1"))
	settle(t, h, config(t, "disabled", "10.0.0.1"))
	if got := get(t, dir, hbaFile) + get(t, dir, confFile); got != before {
		t.Errorf("from\n%s\nto\n%s", before, got)
	}
}

func TestLinesOfOthersWithTheSameShapeAreReportedAndKept(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	other := "host asterisk postgres 10.9.9.9/32 trust\n"
	put(t, dir, hbaFile, get(t, dir, hbaFile)+other)
	put(t, dir, confFile, get(t, dir, confFile)+"listen_addresses = '*'\n")
	settle(t, h, config(t, "slave", "10.0.0.1"))
	p := settle(t, h, config(t, "disabled", "10.0.0.1"))
	if !strings.HasSuffix(get(t, dir, hbaFile), other) || !strings.HasSuffix(get(t, dir, confFile), "listen_addresses = '*'\n") {
		t.Error("the administrator's own lines are gone")
	}
	if !slices.ContainsFunc(p.Notes, func(n reconcile.Note) bool { return n.Code == "left_over" && strings.Contains(n.Text, "10.9.9.9") }) {
		t.Errorf("notes: %v", p.Notes)
	}
}

func TestAnIPv6NetworkThatTheStockToolsLetInIsReported(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	put(t, dir, "etc/xivo/ha.conf", `{"node_type": "slave", "remote_address": "2001:db8::1"}`)
	put(t, dir, hbaFile, get(t, dir, hbaFile)+"host asterisk postgres 2001:db8::1/32 trust\n")
	p := settle(t, h, config(t, "slave", "2001:db8::1"))
	if !slices.ContainsFunc(p.Notes, func(n reconcile.Note) bool { return n.Code == "trusted_network" }) {
		t.Errorf("notes: %v", p.Notes)
	}
}

func TestWhatOverrulesTheFileIsToldBeforeAnythingIsDone(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	put(t, dir, "var/lib/postgresql/15/main/postgresql.auto.conf", "listen_addresses = 'localhost'\n")
	cfg := config(t, "slave", "10.0.0.1")
	declared, err := Declare(t.Context(), cfg, Env{Host: h})
	if err != nil {
		t.Fatal(err)
	}
	l, err := reconcile.OpenLedger(h.Root)
	if err != nil {
		t.Fatal(err)
	}
	e := &reconcile.Engine{Declared: declared, FollowUps: FollowUps(cfg, Env{Host: h}), Ledger: l}
	if err := planError(t, e); err == nil || !strings.Contains(err.Error(), "ALTER SYSTEM RESET listen_addresses") {
		t.Errorf("got %v", err)
	}
}

func TestBrokenMarkersAreRefused(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	settle(t, h, config(t, "slave", "10.0.0.1"))
	put(t, dir, hbaFile, strings.Replace(get(t, dir, hbaFile), "# END hotpair\n", "", 1))
	declared, err := Declare(t.Context(), config(t, "disabled", "10.0.0.1"), Env{Host: h})
	if err != nil {
		t.Fatal(err)
	}
	l, err := reconcile.OpenLedger(h.Root)
	if err != nil {
		t.Fatal(err)
	}
	if err := planError(t, &reconcile.Engine{Declared: declared, Ledger: l}); err == nil || !strings.Contains(err.Error(), "/"+hbaFile) {
		t.Errorf("got %v", err)
	}
}

func TestTheAdministratorsOwnLineForThePeerStays(t *testing.T) {
	for _, roles := range [][]string{{"slave", "disabled"}, {"master", "disabled"}} {
		h, dir := sandbox(t, "wazo")
		put(t, dir, hbaFile, get(t, dir, hbaFile)+"host asterisk postgres 10.0.0.1/32 trust\n")
		before := get(t, dir, hbaFile)
		for _, role := range roles {
			settle(t, h, config(t, role, "10.0.0.1"))
			if got := get(t, dir, hbaFile); got != before {
				t.Errorf("as %s it is\n%s", role, got)
			}
		}
	}
}

func TestWhatIsEditedBetweenTheMarkersIsDrift(t *testing.T) {
	for file, lines := range map[string][2]string{
		hbaFile:  {"host asterisk postgres 10.0.0.1/32 trust", "host all all all trust"},
		confFile: {"listen_addresses = '*'", "listen_addresses = '*'\nssl = off"},
	} {
		h, dir := sandbox(t, "wazo")
		settle(t, h, config(t, "slave", "10.0.0.1"))
		before := get(t, dir, file)
		put(t, dir, file, strings.Replace(before, lines[0], lines[1], 1))
		p := settle(t, h, config(t, "slave", "10.0.0.1"))
		if len(p.Steps) != 1 || get(t, dir, file) != before {
			t.Errorf("steps %v, %s is\n%s", p.Steps, file, get(t, dir, file))
		}
	}
}

func TestSeveralClustersMatterOnlyWhereAccessDoes(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	put(t, dir, "etc/postgresql/13/main/pg_hba.conf", "")
	put(t, dir, "etc/postgresql/13/main/postgresql.conf", "")
	settle(t, h, config(t, "master", "10.0.0.1"))
	_, err := Declare(t.Context(), config(t, "slave", "10.0.0.1"), Env{Host: h})
	if err == nil || !strings.Contains(err.Error(), "/etc/postgresql/13/main and /etc/postgresql/15/main") {
		t.Errorf("got %v", err)
	}
}

func TestAnOwnListenLineOfANodeFoundAsASlaveStays(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	put(t, dir, "etc/xivo/ha.conf", `{"node_type": "slave", "remote_address": "10.0.0.1"}`)
	settle(t, h, config(t, "slave", "10.0.0.1"))
	own := "listen_addresses = '*'\n"
	put(t, dir, confFile, own+get(t, dir, confFile))
	for range 2 {
		settle(t, h, config(t, "disabled", "10.0.0.1"))
	}
	if got := get(t, dir, confFile); !strings.HasPrefix(got, own) {
		t.Errorf("postgresql.conf is\n%s", got)
	}
}

func TestEveryStockListenLineGoes(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	put(t, dir, "etc/xivo/ha.conf", `{"node_type": "slave", "remote_address": "10.0.0.1"}`)
	before := get(t, dir, confFile)
	put(t, dir, confFile, "listen_addresses = '*'\n"+before+"listen_addresses = '*'\n")
	settle(t, h, config(t, "disabled", "10.0.0.1"))
	if got := get(t, dir, confFile); got != before {
		t.Errorf("postgresql.conf is\n%s", got)
	}
}

func TestTheConfiguredHBAFileCounts(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	put(t, dir, "srv/pg_hba.conf", "local all all peer\n")
	put(t, dir, confFile, get(t, dir, confFile)+"hba_file = '/srv/pg_hba.conf'\n")
	settle(t, h, config(t, "slave", "10.0.0.1"))
	if got := get(t, dir, "srv/pg_hba.conf"); !strings.Contains(got, "10.0.0.1/32 trust") {
		t.Errorf("pg_hba.conf is\n%s", got)
	}
}
