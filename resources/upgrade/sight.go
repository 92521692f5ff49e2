package upgrade

import (
	"context"
	"time"

	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/takeover"
)

// Sight is what is seen of the pair from its master.
type Sight struct {
	Now       time.Time
	Address   string             // the standby's
	Daemon    *takeover.Standing // nil: no daemon runs here
	Serves    bool               // the telephony of this node runs
	StockJob  string             // a stock line of cron that replicates: FILE, line N; "": there is none
	Database  bool               // releases can be seen
	Releases  Releases
	Unseen    error // why the releases are not seen, or not the standby's
	Parts     []replicate.Standing
	Confirmed bool // the operator says that the present step is done
}

// askLimit is how long both databases may take to tell their releases.
const askLimit = 40 * time.Second

// Look sees what the replication knows and, until the master is upgraded, asks
// both databases of which release they are. What could not be seen is in the
// Sight.
func (s *Sight) Look(ctx context.Context, o replicate.Options, at State) (err error) {
	s.Now, s.Address = time.Now().UTC(), o.Peer.Address.String()
	if s.Parts, err = replicate.Standings(ctx, o, false); err != nil {
		return err
	}
	_, over := at.Done[Master]
	if s.Database = o.Database != nil; !s.Database || over {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	s.Releases.Master, s.Releases.Standby, s.Unseen = replicate.Versions(limited, o)
	return ctx.Err()
}
