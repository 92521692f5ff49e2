package metrics

import (
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/takeover"
)

// full is a Sample of a standby that serves, with all that there can be; a real
// one replicates nothing.
func full() Sample {
	serves, at := true, time.Unix(1700000000, 500e6)
	s := Sample{Known: true, Version: "1.2.3", Role: "slave", System: "wazo", Serves: &serves, Looked: at, Accepted: at}
	s.At, s.Peer = at, "10.0.0.1"
	s.Look = status.Look{Differences: 3, Drifted: 2, Unseen: []string{"secret-reason"}, Pending: []status.Pending{{Name: "device.secret-phone"}},
		Actions: []reconcile.Action{{Name: "restart", Owed: true, Standing: reconcile.Waiting}, {Name: "reload"}}}
	s.Watch = &status.Watch{Problem: "secret-problem", Fought: []string{"secret-phone"}}
	s.Failover = &takeover.Standing{Serve: true, Serving: true, Since: at, Peer: failover.PeerStoodDown, Trouble: failover.Held, Busy: true, Failure: "secret-failure",
		Companions: "x", Reported: true, Isolated: true, Paused: at, Reason: "secret-reason", Votes: []failover.Vote{
			{Name: "sip udp", Kind: failover.SIP, Answer: failover.Silent, Why: "secret-why"}, {Name: "ping", Kind: failover.Host, Answer: failover.Alive}, {Name: "sip tcp", Kind: failover.SIP, Answer: failover.Busy}, {Name: "witness 10.0.0.254", Kind: failover.Witness}}}
	s.Replication = []replicate.Standing{
		{What: replicate.DatabaseName, Marks: replicate.Marks{Good: at, Compared: at, Verified: at, Failing: at, Failure: "secret-failure"}, Behind: []string{"secret_table", "other_table"}},
		{What: replicate.FilesName, Marks: replicate.Marks{Waits: "secret-rows"}}}
	s.Outage = &status.Outage{Promised: 300, Longest: 332, Known: true, NoBackup: []string{"secret-phone"}, Profiles: []status.Profile{{Profile: "sip", Phones: 2}, {Profile: "sip", Phones: 3}, {Profile: "snom", Phones: 1}}}
	return s
}

func counted() *Counts {
	c := NewCounts()
	c.Turned(true)
	c.Turned(true)
	c.Turned(false)
	c.Ran(replicate.Entry{What: replicate.DatabaseName, Result: replicate.Copied, Took: 2, Inserted: 5, Deleted: 1, Parts: []replicate.Part{{Name: "secret_table"}}})
	c.Ran(replicate.Entry{What: replicate.FilesName, Result: replicate.Copied, Took: .2, Changed: 2, Bytes: 4096})
	c.Ran(replicate.Entry{What: replicate.FilesName, Result: replicate.Failed, Error: "secret-failure"})
	c.Ran(replicate.Entry{What: replicate.DatabaseName, Result: replicate.Differs, Inserted: 9})
	return c
}

func text(t *testing.T, s Sample, c *Counts) string {
	t.Helper()
	out, err := Text(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestWhatIsKnownIsTold(t *testing.T) {
	out := text(t, full(), counted())
	for _, line := range []string{
		`hotpair_build_info{version="1.2.3"} 1`, `hotpair_node_info{peer="10.0.0.1",platform="wazo",role="slave"} 1`,
		`hotpair_serving 1`, `hotpair_to_serve 1`, `hotpair_to_serve_since_timestamp_seconds 1.7000000005e+09`,
		`hotpair_peer_state{state="stood_down"} 1`, `hotpair_peer_state{state="healthy"} 0`, `hotpair_trouble{trouble="takeover_held"} 1`, `hotpair_trouble{trouble="split_brain"} 0`,
		`hotpair_probe_up{kind="sip",probe="sip udp"} 0`, `hotpair_probe_up{kind="sip",probe="sip tcp"} 1`, `hotpair_probe_up{kind="host",probe="ping"} 1`,
		`hotpair_differences 3`, `hotpair_drifted 2`, `hotpair_unseen 1`, `hotpair_fought 1`, `hotpair_waiting_consent 1`, `hotpair_config_valid 0`, `hotpair_config_waiting 0`,
		`hotpair_replication_behind_tables{part="database"} 2`, `hotpair_replication_failing{part="database"} 1`, `hotpair_replication_failing{part="files"} 0`,
		`hotpair_replication_waiting_consent{part="files"} 1`, `hotpair_replication_last_good_timestamp_seconds{part="files"} 0`,
		`hotpair_outage_worst_seconds 332`, `hotpair_phones{profile="sip"} 5`, `hotpair_phones_without_backup 1`,
		`hotpair_takeovers_total 2`, `hotpair_failbacks_total 1`, `hotpair_replication_runs_total{part="files",result="failed"} 1`, `hotpair_replication_runs_total{part="files",result="waiting"} 0`,
		`hotpair_replication_items_total{change="inserted",part="database"} 5`, `hotpair_replication_file_bytes_total 4096`,
		`hotpair_replication_run_duration_seconds_count{part="database"} 2`, `hotpair_textfile_written_timestamp_seconds 1.7000000005e+09`,
	} {
		if !strings.Contains(out, "\n"+line+"\n") {
			t.Errorf("lacks %s", line)
		}
	}
	for _, part := range []string{"secret", "other_table", `probe="witness`, "\ngo_", "\nprocess_", `behind_tables{part="files"}`} {
		if strings.Contains(out, part) {
			t.Errorf("tells %q", part)
		}
	}
}

func TestWhatIsNotKnownIsLeftOut(t *testing.T) {
	out := text(t, Sample{Version: "1"}, NewCounts())
	for _, name := range []string{"node_info", "serving", "to_serve", "peer_state", "trouble", "probe_up", "differences", "config_valid", "replication_failing", "outage_worst_seconds", "waiting_consent"} {
		if strings.Contains(out, "\nhotpair_"+name) {
			t.Errorf("tells hotpair_%s", name)
		}
	}
	for _, line := range []string{`hotpair_build_info{version="1"} 1`, "hotpair_last_look_timestamp_seconds 0", "hotpair_takeovers_total 0"} {
		if !strings.Contains(out, "\n"+line+"\n") {
			t.Errorf("lacks %s", line)
		}
	}
}
