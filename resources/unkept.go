package resources

import (
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/schema"
)

// Unkept tells what ha.hcl leaves out or this version does not keep yet, so
// that nobody relies on it.
func Unkept(cfg *schema.Config) []reconcile.Note {
	var notes []reconcile.Note
	add := func(code, text string) { notes = append(notes, reconcile.Note{Code: code, Text: text}) }
	if words := idle(cfg); len(words) > 0 {
		add("idle", "Checked, and not acted upon by this version: "+strings.Join(words, ", ")+".")
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

// idle lists, with their places, the words that the user wrote and that have no
// effect yet. The stock scripts have lists of their own of what they copy.
func idle(cfg *schema.Config) []string {
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
	return words
}
