package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const deadManLine = "etc/cron.d/hotpair"

func TestTheDaemonTakesOverTheMasterCheckAndCronLooksAfterIt(t *testing.T) {
	t.Parallel()
	g := guard(t, "127.0.75.1")
	g.put(stockCheck, "* * * * * root /usr/sbin/xivo-check-master-status 127.0.75.1 >/dev/null\n# ours\n5 5 * * * root /usr/local/bin/ours\n")
	g.watch()
	g.soon("the check is taken over", func() bool { return !strings.Contains(g.get(stockCheck), "check-master") })
	g.contains(g.get(stockCheck), "# ours\n5 5 * * * root /usr/local/bin/ours\n")
	g.contains(g.get(deadManLine), "* * * * * root "+binary(t)+" --root "+g.dir+" dead-man\n")
	g.expect(exitOK, "dead-man")
	g.must(g.cmd.Process.Kill())
	_ = g.cmd.Wait()
	g.contains(g.status(), "by the stock master check, which hotpair's line in cron runs")
	if r := g.expect(exitOK, "plan"); strings.Contains(r.out, "xivo-check-master-status") || strings.Contains(r.out, "dead_man") {
		t.Errorf("a plan beside a dead daemon takes it back: %s", r.out)
	}
	checks := func() int { return strings.Count(g.get(manageLog), "xivo-check-master-status 127.0.75.1") }
	g.expect(exitOK, "dead-man")
	if checks() != 0 {
		t.Error("a restart is not waited for")
	}
	g.put("run/hotpair/dead.json", `{"since":"`+time.Now().Add(-3*time.Minute).UTC().Format(time.RFC3339)+`"}`)
	g.contains(g.expect(exitOK, "dead-man").err, "the stock master check runs instead")
	if said := g.expect(exitOK, "dead-man").err; said != "" || checks() != 2 {
		t.Errorf("%d checks, and cron would mail again: %s", checks(), said)
	}
	// It took over: the stock check would end its calls.
	g.put("var/lib/hotpair/failover.json", `{"memory":{"serving":true,"why":"The master was dead."}}`)
	g.expect(exitOK, "dead-man")
	if checks() != 2 {
		t.Errorf("%d checks", checks())
	}
	g.declare("disabled", "127.0.75.1")
	g.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
	if _, err := os.Stat(filepath.Join(g.dir, deadManLine)); err == nil {
		t.Error("it stays on a node in no pair")
	}
}
