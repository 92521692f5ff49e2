package replicate

import (
	"context"

	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/resources/replicate/rows"
)

// Layouts compares what both databases are made of, over a connection to the
// peer: what differs in the version tables, and in tables, columns, sequences and
// types. Nothing is written.
func Layouts(ctx context.Context, link *peer.Link, o Options) (versions, layouts []string, err error) {
	remote := &remote{link: link, database: o.Database}
	if o.Own != nil {
		remote.own = o.Own()
	}
	defer remote.close()
	if _, err := remote.open(ctx); err != nil {
		return nil, nil, err
	}
	j := rows.Job{Master: o.Database.Local, Standby: remote.connect, Classes: o.Database.Classes}
	return j.Layouts(ctx)
}
