package resources

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

var (
	_ reconcile.Resource    = (*Services)(nil)
	_ reconcile.Preflighter = (*Services)(nil)
	_ reconcile.Ranker      = (*Services)(nil)
	_ reconcile.Noter       = (*Services)(nil)
)

// Services are the telephony services: active on a master and on a node without
// high availability, passive on a slave. What tells is the Asterisk unit and
// the flag file that disables the services, since `wazo-service status all`
// fails when any optional unit is stopped.
//
// They are started and stopped when the role changes and at no other time: what
// somebody stopped by hand stays stopped and is reported. While the stock
// master check is in place, it is what starts and stops them on a slave.
type Services struct {
	host      *host.Host
	telephony schema.Telephony
	flag      string
	role      schema.Role
	changing  bool // the role is not the one last settled
	checked   bool // the stock master check decides

	looked, seen reconcile.State // by Want for the Have that follows it; last
}

var servicesID = reconcile.ID{Kind: "services"}

// The states of the services, as far as two signs can tell.
const (
	servicesAttribute = "telephony"
	active            = "active"
	passiveState      = "passive"
	stoppedByHand     = "stopped, not disabled"
	startedByHand     = "running, though disabled"
)

const startRank, stopRank = 25, 85

func declareServices(_ context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	t := cfg.Platform.Telephony
	if t.Manage == "" || cfg.Platform.State.Passive == "" {
		return nil, nil
	}
	past := env.past(servicesID)
	s := &Services{host: env.Host, telephony: t, flag: cfg.Platform.State.Passive, role: cfg.Node.Role}
	s.changing = !past.settled(s.role) && !past.found(s.role)
	checked, err := masterIsChecked(cfg, env)
	if err != nil {
		return nil, err
	}
	s.checked = s.role == schema.Slave && checked
	return one(servicesID.Kind, cfg.Origin("node.role"), s), nil
}

// masterIsChecked tells whether a stock master check runs on this slave, or will.
func masterIsChecked(cfg *schema.Config, env Env) (bool, error) {
	if cfg.Platform.Stock.CheckMaster == "" || cfg.Platform.Stock.SlaveFile == "" {
		return false, nil
	}
	if decided, err := decided(cfg, env); err != nil || decided {
		return false, err
	}
	jobs, err := surveyJobs(env.Host, cfg.Platform.Stock)
	job, there := jobs[checkMaster]
	return !there || !job.line.Paused, err
}

// Want is what the role asks for when it changes, and otherwise what there is.
func (s *Services) Want(ctx context.Context) (reconcile.State, error) {
	have, err := s.look(ctx)
	s.looked = have
	if err != nil || !s.changing || s.checked {
		return have, err
	}
	want := active
	if s.role == schema.Slave {
		want = passiveState
	}
	return s.state(want), nil
}

// Have is what the unit and the flag file say together.
func (s *Services) Have(ctx context.Context) (state reconcile.State, err error) {
	if state = s.looked; state == nil {
		state, err = s.look(ctx)
	}
	s.looked, s.seen = nil, state
	return state, err
}

func (s *Services) look(ctx context.Context) (reconcile.State, error) {
	disabled, err := s.host.Exists(s.flag)
	if err != nil {
		return nil, err
	}
	running, known, err := unitActive(ctx, s.host, s.telephony.Unit)
	switch {
	case err != nil:
		return nil, err
	case disabled && running && known:
		return s.state(startedByHand), nil
	case disabled:
		return s.state(passiveState), nil
	case !running && known:
		return s.state(stoppedByHand), nil
	}
	return s.state(active), nil
}

func (s *Services) state(telephony string) reconcile.State {
	return reconcile.State{servicesAttribute: reconcile.Text(telephony), servedRole: reconcile.Text(string(s.role))}
}

// unitActive asks systemd for the state of a unit (systemctl(1), is-active). An
// image has no systemd that could tell.
func unitActive(ctx context.Context, h *host.Host, unit string) (running, known bool, err error) {
	if h.HasCommand(systemctl) != nil {
		return false, false, nil
	}
	out, err := h.Output(ctx, systemctl, "is-active", unit)
	state := strings.TrimSpace(out)
	up := []string{"active", "activating", "reloading", "refreshing"}
	down := []string{"inactive", "failed", "deactivating", "maintenance", "unknown"}
	switch {
	case slices.Contains(up, state):
		return true, true, nil
	case slices.Contains(down, state):
		return false, true, nil
	}
	return false, false, err
}

// Preflight tells whether the command is there.
func (s *Services) Preflight(context.Context, reconcile.Change) error {
	return s.host.HasCommand(s.telephony.Manage)
}

// Rank puts a start before what needs the services, and a stop after.
func (s *Services) Rank(c reconcile.Change) int {
	if s.starts(c) && s.role != schema.Disabled {
		return startRank
	}
	return stopRank
}

func (s *Services) starts(c reconcile.Change) bool {
	return c.Want[servicesAttribute].Reveal() == active
}

// Apply runs the platform's own script. Its stop is not idempotent, so it is
// run only where something is to be stopped.
func (s *Services) Apply(ctx context.Context, c reconcile.Change) error {
	now, err := s.look(ctx)
	if err != nil || now.Equal(c.Want) {
		return err
	}
	if s.starts(c) {
		return s.host.Run(ctx, s.telephony.Manage, "start")
	}
	return s.host.Run(ctx, s.telephony.Manage, "stop")
}

// Notes tells what does not go with the role and is left as it is.
func (s *Services) Notes(context.Context) ([]reconcile.Note, error) {
	note := func(code, mend, format string, args ...any) []reconcile.Note {
		return []reconcile.Note{{Code: code, Text: fmt.Sprintf(format, args...), Mend: mend}}
	}
	serves := s.role != schema.Slave
	switch state := s.seen[servicesAttribute].Reveal(); {
	case s.changing && !s.checked && serves && state != active:
		return note("starts_services", "", "Starting the services also starts this node's DHCP server, if it has one: two on one network must not be."), nil
	case s.changing && !s.checked:
	case state == stoppedByHand:
		return note("services_stopped", "`systemctl start "+s.telephony.Unit+"`", "Asterisk does not run (%s), and hotpair did not stop it: it stays so until somebody starts it.", s.telephony.Unit), nil
	case state == startedByHand:
		return note("services_running", "`"+host.Quoted(s.host.Host(s.telephony.Manage))+" stop`, unless this node is to serve", "Asterisk runs although the services are disabled (%s exists).", s.flag), nil
	case serves && state == passiveState:
		return note("services_stopped", "`"+host.Quoted(s.host.Host(s.telephony.Manage))+" start`", "The services of this node are stopped (%s exists): start them with `%s start`.", s.flag, s.telephony.Manage), nil
	}
	return nil, nil
}
