package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/replicate/rows"
)

// replicating is what the command line says of one replication.
type replicating struct {
	what  []string // empty: everything that ha.hcl names
	how   replicate.How
	allow []string
}

// usualPatience is how long a command by hand waits for a run of hotpair watch,
// which has little to do as a rule.
const usualPatience = 10 * time.Second

func (a *app) replicate() *cobra.Command {
	o := replicating{how: replicate.How{Why: "by hand", Patience: usualPatience}}
	c := &cobra.Command{
		Use:   "replicate [database|files]",
		Short: "On the master: copy what changed to the standby, or prove that both are equal",
		Long: "replicate makes the standby's database and directories what the master's are, and\nreads and writes only what differs. The rows of one run are there all at once or not\nat all. A standby that is active is never written.\n" +
			"hotpair watch does this by itself, as replication.schedule says.\n\nExit codes: 0 done or equal, 1 error or consent is missing, 2 --verify found a difference,\n3 another replication is going on, 4 done in part.",
		Example:   "  hotpair replicate --dry-run\n  hotpair replicate\n  hotpair replicate --verify\n  hotpair replicate database --allow overwrite",
		Args:      onePart,
		ValidArgs: []string{replicate.DatabaseName, replicate.FilesName},
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.consents(c); err != nil {
				return err
			}
			o.what = args
			return a.runReplicate(c.Context(), o)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.how.DryRun, "dry-run", false, "tell what would be inserted, changed and deleted; write nothing anywhere")
	f.BoolVar(&o.how.Verify, "verify", false, "compare everything by content on both nodes; write nothing, exit 2 where it differs")
	f.BoolVar(&o.how.Full, "full", false, "compare everything, also what no counter says has changed")
	f.StringSliceVar(&o.allow, "allow", nil, "consent to `overwrite` what differs on the standby")
	f.BoolVar(&o.how.AcceptMaster, "accept-master", false, "copy from a master that looks emptied, reinstalled or restored")
	lockTimeoutFlag(c, (*patience)(&o.how.Patience))
	return c
}

// consents reads the words of --allow, and refuses flags that do not go together.
func (o *replicating) consents(c *cobra.Command) error {
	for _, word := range o.allow {
		switch {
		case slices.Contains(resources.Consents(), word):
			return usage(c, "--allow %s belongs to `hotpair apply`; here only %s can be allowed", word, resources.Overwrite)
		case word != resources.Overwrite:
			return usage(c, "--allow %q is not %s, which alone can be allowed here", word, resources.Overwrite)
		}
		o.how.Overwrite = true
	}
	if o.how.DryRun && o.how.Verify {
		return usage(c, "--dry-run and --verify exclude each other: the one tells what a run would copy, the other compares everything by content")
	}
	return nil
}

func (a *app) runReplicate(ctx context.Context, o replicating) error {
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	r, parts, err := a.replicator(h, o.what)
	if err != nil {
		return err
	}
	defer r.Close()
	linger()
	var done []outcome
	for _, what := range parts {
		if ctx.Err() != nil {
			done = append(done, outcome{replicate.Entry{What: what}, ctx.Err()})
			break
		}
		entry, err := r.Run(ctx, what, o.how)
		var busy *disk.Busy
		if errors.As(err, &busy) && len(done) == 0 {
			return &exit{code: exitLocked, cause: busy}
		}
		if entry.What == "" && err != nil {
			entry = replicate.Entry{What: what, Result: replicate.Failed, Error: err.Error()}
		}
		a.showEntry(entry, o.how)
		if !o.how.DryRun && !o.how.Verify && entry.Result != replicate.Unchanged {
			a.note().Info(replicatedByHand, "what", what, "result", clean(entry.Line()))
		}
		done = append(done, outcome{entry, err})
	}
	err = verdict(ctx, done, o.how)
	if o.how.DryRun && err == nil && !a.json {
		fmt.Fprintln(a.out, nothingChanged)
	}
	return err
}

// replicator is what replicates from this node, and which parts of it.
func (a *app) replicator(h *host.Host, only []string) (*replicate.Replicator, []string, error) {
	a.quiet = true
	cfg, err := a.load(h)
	if err != nil {
		return nil, nil, err
	}
	o, err := resources.Replication(cfg, h, func() []netip.Addr { return a.options(h).Own })
	if err != nil {
		return nil, nil, err
	}
	o.Progress = a.pulse()
	var parts []string
	for _, part := range []struct {
		name string
		is   bool
	}{{replicate.DatabaseName, o.Database != nil}, {replicate.FilesName, o.Files != nil}} {
		switch wanted := len(only) == 0 || only[0] == part.name; {
		case wanted && part.is:
			parts = append(parts, part.name)
		case wanted && len(only) > 0:
			return nil, nil, fmt.Errorf("ha.hcl switches the replication of the %s off", part.name)
		}
	}
	if len(parts) == 0 {
		return nil, nil, errors.New("ha.hcl has nothing replicated: neither the database nor a directory")
	}
	return replicate.New(o), parts, nil
}

// outcome is one part of a replication that ended.
type outcome struct {
	entry replicate.Entry
	err   error
}

// verdict makes an exit code of what the parts came to.
func verdict(ctx context.Context, done []outcome, how replicate.How) error {
	var errs []error
	var copied, differs bool
	for _, o := range done {
		if o.err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", o.entry.What, o.err))
		}
		copied = copied || o.entry.Result == replicate.Copied
		differs = differs || o.entry.Result == replicate.Differs
	}
	err := errors.Join(errs...)
	switch {
	case ctx.Err() != nil && err != nil:
		return &exit{code: exitInterrupted, cause: errors.New("interrupted; the next run does the work"), changed: copied || partly(done), remote: true}
	case err != nil && copied:
		return &exit{code: exitInPart, cause: err, changed: true}
	case err != nil:
		return &exit{code: exitError, cause: err, changed: !how.DryRun && !how.Verify && partly(done), remote: true}
	case differs:
		return &exit{code: exitDifferent}
	}
	return nil
}

// partly tells whether a run that failed may have changed something: files are
// replaced one by one, rows all at once.
func partly(done []outcome) bool {
	for _, o := range done {
		if errors.Is(o.err, rows.ErrUncertain) {
			return true
		}
		if o.err != nil && o.entry.What == replicate.FilesName && len(o.entry.Parts) > 0 {
			return true
		}
	}
	return false
}

// pulse shows how far a run is: a bar on a terminal, elsewhere now and then a
// line.
func (a *app) pulse() func(what string, done, total int64) {
	if a.json {
		return nil
	}
	if show := a.bar(); show != nil {
		return func(_ string, done, total int64) { show(int(done), int(total)) }
	}
	const beat = 30 * time.Second
	last := time.Now()
	return func(what string, done, total int64) {
		if time.Since(last) >= beat {
			last = time.Now()
			unit := map[string]string{replicate.DatabaseName: "tables", replicate.FilesName: "bytes"}[what]
			fmt.Fprintf(a.err, "%s: %d of %d %s\n", what, done, total, unit)
		}
	}
}
