package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

const (
	lookEvery = 200 * time.Millisecond
	takenIn   = 10 * time.Second // the daemon looks each second
)

// ordered is a node whose daemon is to be told something.
type ordered struct {
	app      *app
	host     *host.Host
	cfg      *schema.Config
	standing takeover.Standing
}

// orders opens the node, and refuses where no daemon could obey.
func (a *app) orders() (*ordered, error) {
	o, told, err := a.decided()
	if err != nil {
		return nil, err
	}
	if !told {
		return nil, errors.New("`hotpair watch` does not run on this node, and it is what starts and stops the services: start it with `systemctl start hotpair`, and see `journalctl -u hotpair`")
	}
	return o, nil
}

// decided opens a node whose daemon is to decide, and tells whether one runs.
func (a *app) decided() (o *ordered, told bool, err error) {
	a.quiet = true
	h, err := host.Open(a.root)
	if err != nil {
		return nil, false, err
	}
	cfg, err := a.usable(h)
	if err != nil {
		return nil, false, err
	}
	switch {
	case cfg.Node.Role == schema.Disabled:
		return nil, false, resources.ErrNoPair
	case !resources.Decides(cfg):
		return nil, false, fmt.Errorf("replication.runner is %q in ha.hcl, so the stock master check decides who serves: leave runner out to have hotpair decide", cfg.Replication.Runner)
	}
	o = &ordered{app: a, host: h, cfg: cfg}
	o.standing, told = a.stands(h)
	return o, told, nil
}

// stands is how the failover stands by the daemon that runs; false: none does.
func (a *app) stands(h *host.Host) (takeover.Standing, bool) {
	holder, err := h.Held(status.WatchLock)
	if err != nil || holder == nil {
		return takeover.Standing{}, false
	}
	s, told := takeover.Stands(h)
	return s, told && !s.Told.Before(holder.Since)
}

// onStandby refuses what only the standby's daemon can do.
func (o *ordered) onStandby(command string) error {
	if o.cfg.Node.Role == schema.Slave {
		return nil
	}
	return fmt.Errorf("this node is the %s: run `hotpair %s` on the standby, %s, whose daemon asks this one for what is needed", o.cfg.Node.Written, command, o.cfg.Peer.Address)
}

// give leaves an order, and waits until the daemon has taken it.
func (o *ordered) give(ctx context.Context, order takeover.Order) error {
	if err := takeover.Give(o.host, order); err != nil {
		return err
	}
	err := o.taken(ctx)
	o.app.note().Info("ordered by hand", "order", orderText(order), "taken", err == nil)
	return err
}

// taken waits until the daemon has taken an order.
func (o *ordered) taken(ctx context.Context) error {
	for deadline := time.Now().Add(takenIn); time.Now().Before(deadline); {
		if taken, err := takeover.Taken(o.host); err != nil || taken {
			return err
		}
		if err := wait(ctx, lookEvery); err != nil {
			return err
		}
	}
	return errors.New("`hotpair watch` runs, and does not take the order: see `journalctl -u hotpair`")
}

// orderText is an order for the record.
func orderText(o takeover.Order) string {
	switch {
	case o.Pause == nil:
		return string(o.Order)
	case o.Pause.After(time.Now()):
		return "maintenance until " + clock(*o.Pause)
	}
	return "end of maintenance"
}

// follow tells what the daemon says until this node serves, or does not, as is
// wanted. Who interrupts it ends the telling alone.
func (o *ordered) follow(ctx context.Context, serve bool) error {
	said := o.standing.Reason
	for {
		s, told := o.app.stands(o.host)
		switch {
		case !told:
			return &exit{code: exitError, changed: true, cause: errors.New("`hotpair watch` ended meanwhile: see `journalctl -u hotpair`")}
		case s.Reason != said:
			said = s.Reason
			o.say(s)
		}
		switch {
		case s.Serve != serve || s.Doing != "" || s.Busy:
		case s.Failure != "":
			return &exit{code: exitError, changed: true, cause: errors.New(s.Failure)}
		default:
			return nil
		}
		if err := wait(ctx, lookEvery); err != nil {
			return &exit{code: exitInterrupted, changed: true, cause: errors.New("interrupted; the daemon goes on: see `hotpair status`")}
		}
	}
}

func (o *ordered) say(s takeover.Standing) {
	if o.app.json {
		o.app.emit("info", s.Reason, "failover", map[string]any{"failover": s})
		return
	}
	fmt.Fprintln(o.app.out, host.OneLine(s.Reason))
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// approveFlag is that of commands that end calls.
func approveFlag(c *cobra.Command, approved *bool) {
	c.Flags().BoolVar(approved, "auto-approve", false, "do not ask first")
}
