package resources

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

var (
	_ reconcile.Resource    = (*restoredFile)(nil)
	_ reconcile.Preflighter = (*restoredFile)(nil)
	_ reconcile.Asker       = (*restoredFile)(nil)
	_ reconcile.Noter       = (*restoredFile)(nil)
)

// restoredFile is a file that is to be again what it was before hotpair.
type restoredFile struct {
	host   *host.Host
	memory *reconcile.Ledger
	path   string
	asks   []string
}

// restoredFiles declares every file that hotpair has written. ha.conf, by which
// others know the role, comes last.
func restoredFiles(ctx context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	if env.Memory == nil {
		return nil, nil
	}
	if err := env.copiesKept(); err != nil {
		return nil, err
	}
	at, err := locatePostgres(ctx, cfg, env.Host)
	if err != nil && env.touched(postgresAccessID.Kind) {
		return nil, fmt.Errorf("postgres_access: %w", err)
	}
	asks := map[string]string{
		at.hba: reloadPostgreSQL, at.conf: restartPostgreSQL,
		cfg.Platform.Telephony.PJSIPConf: reloadSIP, cfg.Platform.Telephony.SIPConf: reloadChanSIP,
	}
	var all []reconcile.Declared
	for _, name := range sortedKeys(env.Memory.Files) {
		f := &restoredFile{host: env.Host, memory: env.Memory, path: name}
		if follow := asks[name]; follow != "" {
			f.asks = []string{follow}
		}
		all = append(all, reconcile.Declared{ID: reconcile.ID{Kind: name}, Resource: f, Origin: restoredOrigin, Rank: scheduleRank, Record: name == cfg.Platform.State.HAConf})
	}
	return all, nil
}

// copiesKept refuses a node whose files were changed by a hotpair that kept no
// copy of them.
func (e Env) copiesKept() error {
	for _, kind := range []string{haConfID.Kind, sentinelID.Kind, "schedule", postgresAccessID.Kind} {
		t, met := e.Memory.Things[kind]
		if !met || t.Settled.IsZero() || maps.Equal(unpaused(t.First), unpaused(t.Want)) {
			continue
		}
		if !slices.ContainsFunc(slices.Collect(maps.Values(e.Memory.Files)), func(f *reconcile.File) bool { return f.By == kind }) {
			return fmt.Errorf("an earlier version of hotpair changed this node's %s and kept no copy of what was there: set role = \"disabled\" in ha.hcl and run `hotpair apply`, which takes high availability away", kind)
		}
	}
	return nil
}

// unpaused is a state without jobs that are commented out, which are seen in some
// roles and touched in none.
func unpaused(s reconcile.Sealed) reconcile.Sealed {
	s = maps.Clone(s)
	maps.DeleteFunc(s, func(_ string, v reconcile.SealedValue) bool { return v.Text == paused })
	return s
}

// What a file holds, as a plan shows it.
const (
	contentAttribute = "content"
	contentFound     = "as it was before hotpair"
	contentLeft      = "as hotpair left it"
	contentChanged   = "changed by somebody else since"
)

// Want is the file as found, unless somebody else has changed it.
func (f *restoredFile) Want(ctx context.Context) (reconcile.State, error) {
	standing, err := f.memory.Standing(f.path)
	switch {
	case err != nil:
		return nil, err
	case standing != reconcile.AsLeft:
		return f.Have(ctx)
	case !f.memory.Files[f.path].There:
		return nil, nil
	}
	return reconcile.State{contentAttribute: reconcile.Text(contentFound)}, nil
}

// Have is how the file stands; nil: there is none.
func (f *restoredFile) Have(context.Context) (reconcile.State, error) {
	_, there, err := f.host.Look(f.path)
	if err != nil || !there {
		return nil, err
	}
	standing, err := f.memory.Standing(f.path)
	text := map[reconcile.FileStanding]string{reconcile.AsFound: contentFound, reconcile.AsLeft: contentLeft, reconcile.Changed: contentChanged}[standing]
	return reconcile.State{contentAttribute: reconcile.Text(text)}, err
}

// Preflight tells why the file could not be replaced.
func (f *restoredFile) Preflight(context.Context, reconcile.Change) error {
	return writable(f.host, f.path)
}

// Asks is for what reads the file.
func (f *restoredFile) Asks(reconcile.Change) []string { return f.asks }

// Apply puts the original back.
func (f *restoredFile) Apply(context.Context, reconcile.Change) error {
	return f.memory.PutBack(f.path)
}

// Notes tells of a file that somebody else has changed.
func (f *restoredFile) Notes(context.Context) ([]reconcile.Note, error) {
	standing, err := f.memory.Standing(f.path)
	if err != nil || standing != reconcile.Changed {
		return nil, err
	}
	text := fmt.Sprintf("%s is left as it is: somebody else has changed it since hotpair wrote it. ", f.path)
	if f.memory.Files[f.path].There {
		text += "What it was before hotpair stays in " + reconcile.OriginalsPath + f.path + "."
	} else {
		text += "Before hotpair there was none."
	}
	return []reconcile.Note{{Code: ChangedSince, Text: text}}, nil
}
