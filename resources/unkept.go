package resources

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/schema"
)

// Unkept tells what of a node is left alone, and why, so that nobody relies on
// it.
func Unkept(cfg *schema.Config, env Env) []reconcile.Note {
	notes, h := append(Idle(cfg), env.forsaken(cfg)...), env.Host
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
	case !phonesKept(cfg, env):
		add("provisioning_unseen", "No phone is looked at: below a root of its own, ha.hcl must name provisioning.url and the credentials.")
	}
	if cfg.Node.Role == schema.Master && cfg.Replication.Runner == "none" {
		add("not_replicated", "Nobody replicates: replication.runner is \"none\". What is configured here does not reach the peer.")
	}
	if why := handover(cfg, env); why != "" && cfg.Platform.Stock.MasterFile == "" {
		notes = append(notes, nobodyReplicates(why))
	}
	return notes
}

// nobodyReplicates is said where hotpair's daemon is to and cannot.
func nobodyReplicates(why string) reconcile.Note {
	return reconcile.Note{Code: "not_replicated", Text: "Nobody replicates: " + why + "."}
}

// forsaken tells what hotpair set on a master and cannot take back any more,
// since what it stands in was switched off.
func (e Env) forsaken(cfg *schema.Config) (notes []reconcile.Note) {
	if cfg.Node.Role == schema.Master || e.Memory == nil {
		return nil
	}
	if !cfg.Provisioning.Enabled && e.gave("registrar", "autoprov", "device") {
		notes = append(notes, reconcile.Note{Code: "backups_left", Text: "hotpair gave the phones a backup address, and provisioning is off: they keep it. Set provisioning { enabled = true }, apply, and switch it off then."})
	}
	if !cfg.Database.Enabled && cfg.Node.Role == schema.Disabled && e.gave("sip_expiry") {
		notes = append(notes, reconcile.Note{Code: "expiry_left", Text: "hotpair set the SIP expiry in the database, and the database is off: it stays. Set database { enabled = true }, apply, and switch it off then."})
	}
	return notes
}

// gave tells whether a thing of these kinds was last in order on a master.
func (e Env) gave(kinds ...string) bool {
	for name, thing := range e.Memory.Things {
		kind, _, _ := strings.Cut(name, ".")
		if slices.Contains(kinds, kind) && thing.Want.State()[servedRole].Reveal() == string(schema.Master) {
			return true
		}
	}
	return false
}

// Idle names, with their places, the words that the user wrote and that have no
// effect on the stock scripts, which have lists of their own of what they copy.
func Idle(cfg *schema.Config) []reconcile.Note {
	if cfg.Replication.Runner == "daemon" {
		return nil
	}
	var words []string
	for _, path := range []string{
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
	return []reconcile.Note{{Code: "idle", Text: fmt.Sprintf("While replication.runner is %q the stock scripts copy what they always did. Only `hotpair replicate` goes by this: %s.", cfg.Replication.Runner, strings.Join(words, ", "))}}
}
