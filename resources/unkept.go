package resources

import (
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// Unkept tells what of a node is left alone, and why, so that nobody relies on
// it.
func Unkept(cfg *schema.Config, h *host.Host) []reconcile.Note {
	notes := Idle(cfg)
	add := func(code, text string) { notes = append(notes, reconcile.Note{Code: code, Text: text}) }
	if cfg.Node.Role == schema.Disabled {
		return notes
	}
	switch {
	case !cfg.Database.Enabled && cfg.Platform.Telephony.PJSIPConf != "":
	case !cfg.Database.Enabled:
		add("database_off", "The database is off: it is not replicated, and its SIP expiry values are not kept.")
	case !databaseKept(cfg, h):
		add("database_unseen", "No database is looked at: none is below this root. Its SIP expiry values are not kept.")
	case cfg.Node.Role == schema.Slave:
		add("expiry_replicated", "SIP expiry comes from the master, with the database.")
	}
	switch {
	case !cfg.Provisioning.Enabled:
		add("provisioning_off", "Provisioning is off: phones are not told of the backup address.")
	case !phonesKept(cfg, Env{Host: h}):
		add("provisioning_unseen", "No phone is looked at: below a root of its own, ha.hcl must name provisioning.url and the credentials.")
	}
	if cfg.Node.Role == schema.Master && cfg.Replication.Runner == "none" {
		add("not_replicated", "Nobody replicates: replication.runner is \"none\". What is configured here does not reach the peer.")
	}
	return notes
}

// Idle names, with their places, the words that the user wrote and that have no
// effect: the stock scripts have lists of their own of what they copy.
func Idle(cfg *schema.Config) []reconcile.Note {
	if cfg.Replication.Runner == "daemon" {
		return nil
	}
	var words []string
	for _, path := range []string{
		"peer.ssh.port", "peer.ssh.host_key",
		"replication.directories", "replication.extra_directories", "replication.exclude.files", "replication.exclude.tables",
		"replication.extra_exclude.files", "replication.extra_exclude.tables", "replication.max_delete",
	} {
		if at := cfg.Origin(path); at != "" && !strings.HasPrefix(at, "platform ") {
			words = append(words, path+" ("+at[strings.LastIndex(at, "/")+1:]+")")
		}
	}
	if len(words) == 0 {
		return nil
	}
	return []reconcile.Note{{Code: "idle", Text: fmt.Sprintf("Without effect while replication.runner is %q: %s.", cfg.Replication.Runner, strings.Join(words, ", "))}}
}
