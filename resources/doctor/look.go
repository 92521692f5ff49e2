package doctor

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/schema"
)

// look is one run, and what its checks share.
type look struct {
	Env
	run context.Context

	here    *shared[reconcile.Plan] // without what the provisioning daemon is asked
	whole   *shared[reconcile.Plan]
	product *shared[product]
	link    *shared[*peer.Link]
	state   *shared[peer.State]
	facts   *shared[facts]
	layouts *shared[layouts]
}

func newLook(ctx context.Context, env Env) *look {
	l := &look{Env: env, run: ctx}
	l.here = share(func(ctx context.Context) (reconcile.Plan, error) {
		unasked := l.Node
		unasked.Unasked = true
		return l.Plan(ctx, unasked)
	})
	l.whole = share(func(ctx context.Context) (reconcile.Plan, error) { return l.Plan(ctx, l.Node) })
	l.product = share(l.readProduct)
	l.link = share(func(ctx context.Context) (*peer.Link, error) {
		return peer.Dial(ctx, resources.PeerTarget(l.Config, l.Node.Host))
	})
	l.state = share(l.askState)
	l.facts = share(l.askFacts)
	l.layouts = share(l.askLayouts)
	return l
}

// close ends the connection to the peer; one that is still being made ends with
// the run.
func (l *look) close() {
	if link, there := l.link.had(); there {
		_ = link.Close()
	}
}

// errNoDatabase is that of a node whose database is not looked at.
var errNoDatabase = errors.New("no telephony database is looked at on this node")

// query reads from this node's telephony database.
func (l *look) query(ctx context.Context, read func(conn *pgx.Conn) error) error {
	connect := resources.TelephonyDatabase(l.Config, l.Node.Host)
	if connect == nil {
		return errNoDatabase
	}
	conn, err := connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return read(conn)
}

// ofDatabase is what a check of the database could not find out.
func ofDatabase(err error) verdict {
	if errors.Is(err, errNoDatabase) {
		return skipped("%s", err)
	}
	return unknown(err)
}

// byStock tells whether the stock scripts copy and watch, so that the channel of
// hotpair's own is not needed.
func (l *look) byStock() bool { return l.Config.Replication.Access == "stock" }

func (l *look) isMaster() bool { return l.Config.Node.Role == schema.Master }
