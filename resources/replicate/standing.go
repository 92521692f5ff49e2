package replicate

import (
	"context"
	"time"

	"github.com/hotpair/hotpair/resources/replicate/rows"
)

// Standing is how the replication of one part stands, for status.
type Standing struct {
	What string `json:"what"`
	Marks
	Due    time.Time `json:"due,omitzero"`     // the next run after the last good one; zero: it is not known
	Behind []string  `json:"behind,omitempty"` // tables that changed on the master since the last good run
	Unseen string    `json:"unseen,omitempty"` // why that is not known
}

// behindLimit is how long the local database may take to answer.
const behindLimit = 5 * time.Second

// Standings tells how replication stands, without asking the peer; behind has the
// local database asked for what changed since.
func Standings(ctx context.Context, o Options, behind bool) ([]Standing, error) {
	m, err := Recall(o.Host, o.Peer.HostKey)
	if err != nil {
		return nil, err
	}
	var list []Standing
	if o.Database != nil {
		s := Standing{What: DatabaseName, Marks: m.Database.Marks}
		if m.Database.Rows != nil && behind {
			s.look(ctx, o.Database, m.Database.Rows)
		}
		list = append(list, s)
	}
	if o.Files != nil {
		list = append(list, Standing{What: FilesName, Marks: m.Files})
	}
	return list, nil
}

func (s *Standing) look(ctx context.Context, d *Database, m *rows.Memory) {
	ctx, cancel := context.WithTimeout(ctx, behindLimit)
	defer cancel()
	p := rows.Poll{Connect: d.Local, Classes: d.Classes}
	defer p.Close(ctx)
	behind, err := p.Moved(ctx, m)
	s.Behind = behind
	if err != nil {
		s.Unseen = err.Error()
	}
}
