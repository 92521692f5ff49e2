package resources

import (
	"context"
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/pattern"
	"github.com/hotpair/hotpair/schema"
)

var (
	_ reconcile.Resource    = (*DeadMan)(nil)
	_ reconcile.Preflighter = (*DeadMan)(nil)
	_ reconcile.Filer       = (*DeadMan)(nil)
)

// DeadMan is a line of cron that looks after hotpair's own daemon on a standby:
// while that is dead, it runs the stock master check. It comes with the daemon,
// which takes the stock line away then, and stays when the daemon ends.
type DeadMan struct {
	host    *host.Host
	program []string
	wanted  bool
}

const (
	deadManFile = "/etc/cron.d/hotpair"
	deadManRank = 15

	deadManComment = "# hotpair's: while `hotpair watch` is dead, the stock master check runs.\n"
)

func declareDeadMan(_ context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	if cfg.Platform.Stock.CheckMaster == "" {
		return nil, nil
	}
	decided, err := decided(cfg, env)
	if err != nil {
		return nil, err
	}
	if there, err := GuardedByCron(env.Host); err != nil || !decided && !there {
		return nil, err
	}
	return one("dead_man", cfg.Origin("node.role"), &DeadMan{env.Host, env.Program, decided}), nil
}

// decided tells whether hotpair's daemon decides on this slave, or did, so that
// its line looks after it.
func decided(cfg *schema.Config, env Env) (bool, error) {
	if cfg.Node.Role != schema.Slave || !Decides(cfg) {
		return false, nil
	}
	if env.Watched {
		return true, nil
	}
	return GuardedByCron(env.Host)
}

// GuardedByCron tells whether the line that looks after the daemon is there.
func GuardedByCron(h *host.Host) (bool, error) { return h.Exists(deadManFile) }

// Want is the file with the one line. Who plans without being that program
// leaves it as it is.
func (d *DeadMan) Want(ctx context.Context) (reconcile.State, error) {
	switch {
	case !d.wanted:
		return nil, nil
	case len(d.program) == 0:
		return d.Have(ctx)
	}
	return deadManState("* * * * * root " + strings.Join(d.program, " ") + " dead-man"), nil
}

func deadManState(text string) reconcile.State {
	return reconcile.State{"line": reconcile.Text(text)}
}

// Have is the line, or the whole file where it holds anything else.
func (d *DeadMan) Have(context.Context) (reconcile.State, error) {
	text, there, err := d.host.Look(deadManFile)
	if err != nil || !there {
		return nil, err
	}
	line, ours := strings.CutPrefix(string(text), deadManComment)
	if line, ended := strings.CutSuffix(line, "\n"); ours && ended {
		return deadManState(line), nil
	}
	return deadManState(string(text)), nil
}

func (d *DeadMan) Files() []string { return []string{deadManFile} }

// plain is a word that neither cron nor its shell reads anything into.
var plain = pattern.Lazy(`^[A-Za-z0-9/._+=:@-]+$`)

// Preflight refuses a program that could not be named in a line of cron.
func (d *DeadMan) Preflight(_ context.Context, c reconcile.Change) error {
	for _, word := range d.program {
		if c.Want != nil && !plain().MatchString(word) {
			return fmt.Errorf("%q cannot stand in a line of cron: install hotpair under a plain path, such as /usr/bin/hotpair", word)
		}
	}
	return writable(d.host, deadManFile)
}

// Apply writes or removes the file.
func (d *DeadMan) Apply(_ context.Context, c reconcile.Change) error {
	if c.Want == nil {
		return d.host.Remove(deadManFile)
	}
	return d.host.Write(deadManFile, []byte(deadManComment+c.Want["line"].Reveal()+"\n"), 0o644)
}
