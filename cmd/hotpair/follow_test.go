package main

import (
	"strings"
	"testing"
	"time"
)

// followed declares the pair so that changes follow at once.
const onChange = "replication {\n  schedule = \"on_change\"\n}\nactions {\n  overwrite = \"auto\"\n}\n"

func TestTheDaemonFollowsEveryChange(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, onChange)
	r.put("etc/cron.d/xivo-ha-master", "0 * * * * root /usr/sbin/xivo-master-slave-db-replication 127.0.0.2 >/dev/null\n0 * * * * root /usr/bin/wazo-sync >/dev/null\n")
	r.put("etc/xivo/ha.conf", `{"node_type": "master", "remote_address": "127.0.0.2"}`)
	d := (&watched{box: r.box}).watch()
	r.soon("the stock jobs are taken over", func() bool { return r.get("etc/cron.d/xivo-ha-master") == absent })
	r.sql(r.box, "UPDATE endpoint_sip_section_option SET value = 'first'")
	r.soon("rows follow", func() bool {
		return r.ask(r.standby, "SELECT count(*)::text FROM endpoint_sip_section_option WHERE value = 'first'") != "0"
	})
	r.put(moh+"/new.wav", "tune")
	r.soon("a new file follows", func() bool { return r.standby.get(moh+"/new.wav") == "tune" })
	r.put(moh+"/new.wav", "another tune")
	r.soon("a changed file follows", func() bool { return r.standby.get(moh+"/new.wav") == "another tune" })
	s := r.expect(exitOK, "status")
	r.contains(s.out, "Database       as on the master at", "Files          as on the master at")
	if strings.Contains(d.log.String(), "level=WARN") {
		t.Errorf("there is trouble:\n%s", d.log)
	}
}

// soon insists that something becomes true, with ten times the time that it is
// promised in.
func (r *replicated) soon(what string, is func() bool) {
	r.t.Helper()
	for end := time.Now().Add(200 * time.Second); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("not so: %s", what)
		}
	}
}
