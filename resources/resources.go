package resources

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"path"
	"slices"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// Env is the node that a configuration is declared for.
type Env struct {
	Host   *host.Host
	Found  Found
	Memory *reconcile.Ledger // nil: nothing is known
	// Watched: hotpair's daemon runs on this node.
	Watched bool
	// Program is hotpair's own, with its arguments, as cron is to run it; none: it
	// is not known.
	Program []string
	// Clients are kept from one look to the next; nil: they are made anew.
	Clients *Clients
	// Progress hears how far a change of many things is; nil: nobody does.
	Progress func(done, total int)
	// Recurring: this run is one of many, so that what would have to be waited for
	// is left to a later one.
	Recurring bool
	// Unasked: the provisioning daemon is not asked; what it did not answer before
	// stays unseen.
	Unasked    bool
	Unanswered []reconcile.Unseen

	asked *asked
}

func (e Env) kept(id reconcile.ID) bool { return e.Memory != nil && e.Memory.Kept(id) }

// mayInherit tells whether a thing had a certain trait when it was first met;
// one that is met now may have it.
func (e Env) mayInherit(id reconcile.ID, trait string) bool {
	if e.Memory == nil {
		return true
	}
	original, met := e.Memory.Original(id)
	return !met || original[trait] != ""
}

func (e Env) dismantled(id reconcile.ID) bool { return e.Memory != nil && e.Memory.Dismantled(id) }

// Found is how the node was before hotpair first changed it. What a role that
// was found had written already is the pair's, not the administrator's.
type Found struct {
	Role schema.Role
	Peer netip.Addr // the zero Addr when there was none
}

// kinds is the register: a further kind is a file of its own and one line here.
// A higher rank is created later and removed earlier.
func kinds() []kind {
	return []kind{
		{rank: 10, declare: declarePostgresAccess, followUps: postgresFollowUps},
		{rank: deadManRank, declare: declareDeadMan},
		{rank: scheduleRank, declare: declareSchedule},
		{rank: startRank, declare: declareServices, followUps: telephonyFollowUps},
		{rank: 30, declare: declareSentinel},
		{rank: 35, declare: declareSIPExpiry},
		{rank: 40, declare: declareRegistrars},
		{rank: 41, declare: declareAutoprov},
		{rank: 42, declare: declareDevices, followUps: phoneFollowUps},
		{rank: 90, declare: declareHAConf},
	}
}

type kind struct {
	rank      int
	declare   func(ctx context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error)
	followUps func(cfg *schema.Config, env Env) []reconcile.FollowUp // that its changes may ask for; nil: none
}

// Declare lists what the configuration says of this node.
func Declare(ctx context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	env.asked = env.asking(ctx, cfg)
	var all []reconcile.Declared
	for _, k := range kinds() {
		list, err := k.declare(ctx, cfg, env)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			d.Rank = k.rank
			all = append(all, d)
		}
	}
	return all, nil
}

// FollowUps lists what the changes of all kinds may ask for.
func FollowUps(cfg *schema.Config, env Env) []reconcile.FollowUp {
	var all []reconcile.FollowUp
	for _, k := range kinds() {
		if k.followUps != nil {
			all = append(all, k.followUps(cfg, env)...)
		}
	}
	return all
}

// The words by which what disturbs calls is consented to.
const (
	Restart = "restart"
	Resync  = "resync"
	// Overwrite is for replication alone: no change of a node asks for it.
	Overwrite = "overwrite"
)

// Consents lists every word of consent.
func Consents() []string { return []string{Restart, Resync} }

// StandingConsent lists the words that ha.hcl gives once and for all.
func StandingConsent(a schema.Actions) []string {
	var words []string
	for _, policy := range []struct{ word, value string }{{Restart, a.Restart}, {Resync, a.Resync}} {
		if policy.value == "auto" {
			words = append(words, policy.word)
		}
	}
	return words
}

// one declares the only thing of a kind.
func one(kind, origin string, r reconcile.Resource) []reconcile.Declared {
	return []reconcile.Declared{{ID: reconcile.ID{Kind: kind}, Resource: r, Origin: origin}}
}

// writable tells why a file could not be replaced. hotpair's own directory need
// not be there: it is made with the ledger, before any change.
func writable(h *host.Host, file string) error {
	err := h.Writable(file)
	if errors.Is(err, fs.ErrNotExist) && path.Dir(file) == path.Dir(reconcile.LedgerPath) {
		return nil
	}
	return err
}

// Files lists the files that are declared, so that they can be watched.
func Files(declared []reconcile.Declared) []string {
	var files []string
	for _, d := range declared {
		if f, writes := d.Resource.(reconcile.Filer); writes {
			files = append(files, f.Files()...)
		}
	}
	return files
}

// Serves tells whether calls may be going on at this node.
func Serves(cfg *schema.Config, h *host.Host) bool { return !passive(cfg, h) }

// Sweep removes what a crash left of hotpair's own temporary files beside
// anything that is declared.
func Sweep(h *host.Host, declared []reconcile.Declared) error {
	dirs := []string{path.Dir(reconcile.LedgerPath)}
	for _, file := range Files(declared) {
		dirs = append(dirs, path.Dir(file))
	}
	slices.Sort(dirs)
	for _, dir := range slices.Compact(dirs) {
		if err := h.Sweep(dir); err != nil {
			return fmt.Errorf("clearing up after an earlier run: %w", err)
		}
	}
	return nil
}
