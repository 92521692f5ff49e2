package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/takeover"
)

// upgraded is a pair with daemons whose databases tell a release.
type upgraded struct{ *replicated }

const upgradeState = "var/lib/hotpair/upgrade.json"

func newUpgraded(t *testing.T) *upgraded {
	t.Helper()
	u := &upgraded{newReplicated(t, "")}
	u.put("etc/xivo/ha.conf", `{"node_type": "master", "remote_address": "127.0.0.2"}`)
	u.standby.put("etc/xivo/ha.conf", `{"node_type": "slave", "remote_address": "127.0.0.3"}`)
	for _, b := range []box{u.box, u.standby} {
		u.sql(b, "CREATE TABLE infos (uuid varchar(38) PRIMARY KEY, wazo_version varchar(64) NOT NULL); CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
		u.sql(b, "INSERT INTO infos VALUES (gen_random_uuid(), '25.01'); INSERT INTO alembic_version VALUES ('a01')")
	}
	u.expect(exitOK, "replicate") // both are a pair already
	for _, b := range []box{u.box, u.standby} {
		(&watched{box: b}).watch()
	}
	u.soon("the daemons hear each other", func() bool { return u.standing().Reported && u.standing().Serving })
	return u
}

// standing is what the master's daemon tells.
func (u *upgraded) standing() (s takeover.Standing) {
	if err := json.Unmarshal([]byte(u.get("run/hotpair/failover.json")), &s); err != nil {
		return takeover.Standing{}
	}
	return s
}

// release does what a platform's upgrade does to a node's database.
func (u *upgraded) release(b box, product, layout string) {
	u.t.Helper()
	u.sql(b, "UPDATE infos SET wazo_version = '"+product+"'; UPDATE alembic_version SET version_num = '"+layout+"'")
}

// guide runs the guide twice: it must say the same, wherever it was left.
func (u *upgraded) guide(parts ...string) string {
	u.t.Helper()
	out := u.expect(exitOK, "upgrade-guide").out
	u.contains(out, parts...)
	u.contains(u.expect(exitOK, "upgrade-guide").out, parts[0])
	return out
}

func TestAPairIsUpgradedStepByStep(t *testing.T) {
	t.Parallel()
	u := newUpgraded(t)
	u.guide("now   1  Pause", "No upgrade of this pair is under way", "takeover is not paused", "to do   `hotpair maintenance --for 2h`", "--auto-approve` does this step")
	u.is(upgradeState, absent)
	if out := u.expect(exitOK, "status").out; strings.Contains(out, "upgrade") {
		t.Errorf("an upgrade is told of that was not begun: %s", out)
	}
	u.contains(u.expect(exitError, "upgrade-guide", "--confirm").err, "--confirm is for the upgrade of a node")

	u.contains(u.expect(exitOK, "upgrade-guide", "--auto-approve").out, "Maintenance until", "done  1  Pause", "now   2  Upgrade the standby", "type    on 127.0.0.2: wazo-upgrade")
	u.guide("now   2  Upgrade the standby", "under way since", "seen    the standby still has 25.01", "to do   upgrade 127.0.0.2, then `hotpair upgrade-guide`")
	u.contains(u.expect(exitOK, "status").out, "An upgrade of this pair is under way since ", "its next step is \"Upgrade the standby\". `hotpair upgrade-guide` goes on.")
	u.must(os.Remove(filepath.Join(u.standby.dir, passive)))
	u.guide("now   2  Upgrade the standby", "the standby's release is not seen", "its services are active", "wait until the standby is back and its services are passive")
	u.standby.put(passive, "")

	u.release(u.standby, "25.06", "a06")
	u.guide("now   3  Upgrade the master", "done  2  Upgrade the standby", "seen    this node still has 25.01, and the standby has 25.06", "to do   upgrade this node")
	u.contains(u.expect(exitError, "replicate").err, "alembic_version says a01 on the master and a06 on the standby")
	u.release(u.box, "25.04", "a04")
	u.guide("now   3  Upgrade the master", "this node has 25.04, and the standby has 25.06", "upgrade the one that is behind")
	u.put("var/lib/stub/stopped", "")
	u.release(u.box, "25.06", "a06")
	u.guide("now   3  Upgrade the master", "the telephony of this node does not run", "to do   start its services: `wazo-service start`")
	u.must(os.Remove(filepath.Join(u.dir, "var/lib/stub/stopped")))

	u.sql(u.box, "UPDATE endpoint_sip_section_option SET value = 'after' WHERE key = 'remove_existing'")
	u.guide("now   4  Replicate", "done  3  Upgrade the master", "this node went from 25.01 to 25.06, as the standby did", "not replicated since the master's upgrade: database; files", "to do   `hotpair replicate`, then")
	u.expect(exitOK, "replicate")
	u.guide("now   5  Verify", "done  4  Replicate", "not found equal by content since: database; files")
	out := u.expect(exitOK, "upgrade-guide", "--auto-approve").out
	u.contains(out, "database: equal by content", "Maintenance of this node is over", "The pair is upgraded.", "done  6  Resume", "`hotpair doctor --peer`")
	u.t.Log(out)
	u.is(upgradeState, absent)
	u.guide("No upgrade of this pair is under way")
}

func TestAnUpgradeIsConfirmedLengthenedAndAbandoned(t *testing.T) {
	t.Parallel()
	u := newUpgraded(t)
	u.expect(exitOK, "maintenance", "--for", "30m")
	u.soon("the pause is told", func() bool {
		return strings.Contains(u.expect(exitOK, "upgrade-guide").out, "now   2  Upgrade the standby")
	})
	u.contains(u.expect(exitOK, "upgrade-guide", "--confirm").out, "done  2  Upgrade the standby", "you confirmed it", "now   3  Upgrade the master")
	u.expect(exitOK, "maintenance", "--end")
	u.soon("the end of the pause is told", func() bool {
		return strings.Contains(u.expect(exitOK, "upgrade-guide").out, "takeover is not paused")
	})
	u.contains(u.expect(exitOK, "upgrade-guide", "--confirm").out, "takeover is not paused")
	u.guide("now   3  Upgrade the master", "to do   `hotpair maintenance --for 2h`")
	u.expect(exitOK, "maintenance", "--for", "30m")
	u.soon("the pause is told again", func() bool {
		return !strings.Contains(u.expect(exitOK, "upgrade-guide").out, "takeover is not paused")
	})
	u.contains(u.expect(exitOK, "upgrade-guide", "--confirm").out, "now   4  Replicate")
	a := u.expect(exitOK, "upgrade-guide", "--abandon")
	u.contains(a.out, "The upgrade is forgotten", "The pause lasts until", "`hotpair maintenance --end` ends it.")
	u.is(upgradeState, absent)
	a = u.expect(exitOK, "upgrade-guide", "--abandon", "--auto-approve")
	u.contains(a.out, "No upgrade of this pair was under way.", "Maintenance of this node is over.")
	u.soon("nothing is paused", func() bool {
		return strings.Contains(u.expect(exitOK, "upgrade-guide").out, "takeover is not paused")
	})
	s := u.standby.expect(exitOK, "upgrade-guide")
	u.contains(s.out, "The guide is kept on the master, 127.0.0.3: run it there.", "Services  passive", "Release   25.01", "wazo-upgrade, once the guide on the master says so")
}

// While an operator works on the master, it replicates by nobody but him.
func TestMaintenancePausesReplication(t *testing.T) {
	t.Parallel()
	u := &upgraded{newReplicated(t, onChange)}
	u.put("etc/xivo/ha.conf", `{"node_type": "master", "remote_address": "127.0.0.2"}`)
	d := (&watched{box: u.box}).watch()
	arrives := func(name string) bool { return u.standby.get(moh+"/"+name) == name }
	edit := func(name string) {
		u.put(moh+"/"+name, name)
		u.sql(u.box, "UPDATE endpoint_sip_section_option SET value = '"+name+"' WHERE key = 'remove_existing'")
	}
	edit("first")
	u.soon("files follow", func() bool { return arrives("first") })
	u.expect(exitOK, "maintenance", "--for", "30m")
	u.soon("the pause is told", func() bool { return !u.standing().Paused.IsZero() })
	h, err := host.Open(u.dir)
	u.must(err)
	defer h.Close()
	time.Sleep(time.Second)
	u.soon("a run that was begun before has ended", func() bool {
		holder, err := h.Held(replicate.LockPath)
		return err == nil && holder == nil
	})
	edit("second")
	time.Sleep(8 * time.Second) // the database is looked at every 5 s
	if arrives("second") || u.ask(u.standby, "SELECT count(*)::text FROM endpoint_sip_section_option WHERE value = 'second'") != "0" {
		t.Error("it was replicated during maintenance")
	}
	u.expect(exitOK, "replicate", "files")
	if !arrives("second") {
		t.Error("by hand nothing was replicated")
	}
	u.expect(exitOK, "maintenance", "--end")
	u.soon("rows follow again", func() bool {
		return u.ask(u.standby, "SELECT count(*)::text FROM endpoint_sip_section_option WHERE value = 'second'") != "0"
	})
	if strings.Contains(d.log.String(), "not replicated") {
		t.Errorf("a pause is told as a failure:\n%s", d.log)
	}
}
