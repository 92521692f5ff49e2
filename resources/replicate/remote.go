package replicate

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/resources/peer"
)

// remote is the peer's database. The first connection is opened before the run,
// since the peer's state comes with it.
type remote struct {
	link     *peer.Link
	database *Database
	own      []netip.Addr
	first    atomic.Pointer[net.Conn] // nil: it is in use
}

// open asks for the database, and insists that the peer may be written.
func (r *remote) open(ctx context.Context) (peer.State, error) {
	conn, state, err := r.dial(ctx)
	if err == nil {
		r.first.Store(&conn)
	}
	return state, err
}

func (r *remote) dial(ctx context.Context) (net.Conn, peer.State, error) {
	conn, state, err := r.link.Database(ctx)
	if unfit := state.Unfit(r.own); state.Role != "" && unfit != nil {
		err = &Away{Err: unfit}
	} else if err != nil {
		err = &Away{Err: err, Partly: true}
	}
	if err != nil && conn != nil {
		_ = conn.Close() // nothing was asked of it
	}
	return conn, state, err
}

// connect speaks PostgreSQL over a session of the channel. To cancel a statement
// pgx dials another one, from a goroutine of its own.
func (r *remote) connect(ctx context.Context) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig("host=/peer sslmode=disable")
	if err != nil {
		return nil, err
	}
	config.Database, config.User = r.database.Name, r.database.User
	config.DialFunc = func(ctx context.Context, _, _ string) (net.Conn, error) {
		if conn := r.first.Swap(nil); conn != nil {
			return *conn, nil
		}
		conn, _, err := r.dial(ctx)
		return conn, err
	}
	return pgx.ConnectConfig(ctx, config)
}

func (r *remote) close() {
	if conn := r.first.Swap(nil); conn != nil {
		_ = (*conn).Close() // it was never used
	}
}
