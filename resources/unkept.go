package resources

import (
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// Unkept tells what ha.hcl leaves out or this version does not keep yet, so
// that nobody relies on it.
func Unkept(cfg *schema.Config, h *host.Host) []reconcile.Note {
	notes := Idle(cfg)
	add := func(code, text string) { notes = append(notes, reconcile.Note{Code: code, Text: text}) }
	if cfg.Node.Role != schema.Slave && passive(cfg, h) {
		add("services_stopped", "The services of this node are stopped ("+cfg.Platform.State.Passive+" exists), and this version does not start them: run xivo-manage-slave-services start.")
	}
	if cfg.Node.Role == schema.Disabled {
		return notes
	}
	if !cfg.Database.Enabled {
		add("database_off", "The database is off: it is not replicated, and its SIP expiry values are not kept.")
	}
	if !cfg.Provisioning.Enabled {
		add("provisioning_off", "Provisioning is off: phones are not told of the backup address.")
	}
	add("unkept", "This version keeps the files of a node; "+unkeptYet(cfg)+" it does not keep yet.")
	if cfg.Node.Role == schema.Master && cfg.Replication.Runner != "stock" {
		add("not_replicated", "Nobody replicates: replication.runner is \"none\". What is configured here does not reach the peer.")
	}
	return notes
}

func unkeptYet(cfg *schema.Config) string {
	things := []string{"services"}
	if cfg.Provisioning.Enabled {
		things = append([]string{"phones"}, things...)
	}
	if cfg.Database.Enabled {
		things = append([]string{"SIP expiry"}, things...)
	}
	last := len(things) - 1
	if last == 0 {
		return things[0]
	}
	return strings.Join(things[:last], ", ") + " and " + things[last]
}

// Idle names, with their places, the words that the user wrote and that have no
// effect yet. The stock scripts have lists of their own of what they copy.
func Idle(cfg *schema.Config) []reconcile.Note {
	var words []string
	for _, path := range []string{
		"peer.ssh.port", "peer.ssh.host_key",
		"replication.directories", "replication.extra_directories", "replication.exclude.files", "replication.exclude.tables",
		"replication.extra_exclude.files", "replication.extra_exclude.tables",
		"actions.resync", "actions.role_change", "watch.mode", "watch.interval", "watch.max_heals",
	} {
		if at := cfg.Origin(path); at != "" && !strings.HasPrefix(at, "platform ") {
			words = append(words, path+" ("+at[strings.LastIndex(at, "/")+1:]+")")
		}
	}
	if len(words) == 0 {
		return nil
	}
	return []reconcile.Note{{Code: "idle", Text: "Checked, and not acted upon by this version: " + strings.Join(words, ", ") + "."}}
}
