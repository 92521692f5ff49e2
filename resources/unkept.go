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
	if cfg.Node.Role == schema.Disabled {
		return nil
	}
	var off []string
	if cfg.Database.Enabled {
		off = append(off, "SIP expiry values")
	} else {
		add("database_off", "The database is off: it is not replicated, and its SIP expiry values are not kept.")
	}
	if cfg.Provisioning.Enabled {
		off = append(off, "phones")
	} else {
		add("provisioning_off", "Provisioning is off: phones are not told of the backup address.")
	}
	off = append(off, "services")
	add("unkept", "This version keeps the files of a node; it does not keep yet: "+strings.Join(off, ", ")+".")
	if cfg.Node.Role == schema.Master && cfg.Replication.Runner != "stock" {
		add("not_replicated", "Nobody replicates: replication.runner is \"none\". What is configured here does not reach the peer.")
	}
	return notes
}
