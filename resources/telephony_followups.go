package resources

import (
	"context"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

const (
	reloadSIP        = "reload sip"
	reloadChanSIP    = "reload chan_sip"
	restartTelephony = "restart telephony"
)

// telephonyFollowUps are those of Asterisk. A standby's services are stopped, and
// begin afresh when they are started: the restart that is owed since the node
// was a master is for nothing there, and could start them beside the master's.
func telephonyFollowUps(cfg *schema.Config, env Env) []reconcile.FollowUp {
	t := telephony{env.Host, cfg.Platform.Telephony}
	effect, consent := "ends every call; this node takes none for about 45 s", Restart
	if passive(cfg, env.Host) {
		effect, consent = "this node carries no calls", ""
	}
	const reloaded = "calls go on; phones learn the new expiry at their next registration"
	return []reconcile.FollowUp{
		{Name: reloadSIP, Rank: 30, Run: t.reloadSIP, Ready: t.canReload, Effect: reloaded},
		{Name: reloadChanSIP, Rank: 31, Run: func(ctx context.Context) error { return t.ask(ctx, "sip reload") }, Ready: t.canReload, Effect: reloaded},
		{Name: restartTelephony, Rank: 40, Run: t.restart, Ready: t.canRestart,
			Effect: effect, Consent: consent, Moot: cfg.Node.Role == schema.Slave},
	}
}

// telephony is Asterisk and the platform's commands around it.
type telephony struct {
	host *host.Host
	schema.Telephony
}

func (t telephony) canReload(context.Context) error {
	if t.Generate != "" {
		if err := t.host.HasCommand(t.Generate); err != nil {
			return err
		}
	}
	return t.host.HasCommand(t.Asterisk)
}

// reloadSIP has the configuration written from the database, and read by
// Asterisk where it runs.
func (t telephony) reloadSIP(ctx context.Context) error {
	if t.Generate != "" {
		if err := t.host.Run(ctx, t.Generate, "asterisk/pjsip.conf", "--invalidate"); err != nil {
			return err
		}
	}
	return t.ask(ctx, "module reload res_pjsip.so")
}

// ask has Asterisk do something, where it runs: it reads its files when it
// starts.
func (t telephony) ask(ctx context.Context, command string) error {
	running, known, err := unitActive(ctx, t.host, t.Unit)
	if err != nil || known && !running {
		return err
	}
	return t.host.Run(ctx, t.Asterisk, "-rx", command)
}

func (t telephony) canRestart(context.Context) error { return t.host.HasCommand(t.Service) }

func (t telephony) restart(ctx context.Context) error { return t.host.Run(ctx, t.Service, "restart") }
