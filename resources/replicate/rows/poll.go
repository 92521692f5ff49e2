package rows

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Poll watches a master's counters over a session that it keeps.
type Poll struct {
	Connect Connect
	Classes Classes

	side *side
}

// Moved names the tables that changed since a good run and are a reason for
// another one. PostgreSQL may show a change 10 s late. nil memory: nobody knows
// of a good run, so all of them did.
func (p *Poll) Moved(ctx context.Context, m *Memory) ([]string, error) {
	if p.side == nil {
		p.side = &side{name: "master"}
	}
	now, err := p.look(ctx)
	if err != nil {
		p.Close(ctx)
		return nil, err
	}
	then := Sight{}
	if m != nil {
		then = m.Master
	}
	var list []string
	for name := range now.moved(then) {
		if !p.Classes.volatile(name) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list, nil
}

func (p *Poll) look(ctx context.Context) (seen Sight, err error) {
	if p.side.conn == nil {
		err = p.side.open(ctx, p.Connect, p.Classes, &seen)
		return seen, err
	}
	return p.side.look(ctx, p.Classes)
}

// Close ends the session.
func (p *Poll) Close(ctx context.Context) {
	if p.side != nil && p.side.conn != nil {
		closeSession(ctx, p.side.conn)
	}
	p.side = nil
}

func closeSession(ctx context.Context, conn *pgx.Conn) {
	_ = conn.Close(context.WithoutCancel(ctx)) // nothing of it was to be kept, or it has been committed
}
