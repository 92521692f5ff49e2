package replicate

import (
	"context"

	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/resources/replicate/rows"
)

// Versions asks both databases of which release they are, the peer's over a
// connection of its own or over the one that the daemon keeps. Nothing is
// written. What the master says is given also where the peer does not answer, or
// is active.
func Versions(ctx context.Context, o Options) (master, standby rows.Versions, err error) {
	master, err = rows.ReadVersions(ctx, "master", o.Database.Local, o.Database.Classes)
	if err != nil {
		return nil, nil, err
	}
	link, err := peer.Dial(ctx, o.Peer)
	if err != nil {
		return master, nil, err
	}
	defer link.Close()
	remote := &remote{link: link, database: o.Database}
	if o.Own != nil {
		remote.own = o.Own()
	}
	defer remote.close()
	if _, err := remote.open(ctx); err != nil {
		return master, nil, err
	}
	standby, err = rows.ReadVersions(ctx, "standby", remote.connect, o.Database.Classes)
	return master, standby, err
}
