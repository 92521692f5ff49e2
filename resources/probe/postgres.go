package probe

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// Postgres asks a PostgreSQL server who may come in, and leaves. Whatever it
// says to that proves it alive: a demand for a password, which it never gets, or
// a refusal. That it starts up or shuts down is no answer.
type Postgres struct{ Target }

const mostMessage = 64 << 10 // bytes

// Ask speaks the protocol up to the server's first message (PostgreSQL
// documentation, "Message Flow", Start-up). It has nothing that could be sent
// after that.
func (p Postgres) Ask(ctx context.Context) (failover.Answer, error) {
	c, err := p.dial(ctx, "tcp")
	if err != nil {
		return failover.Silent, err
	}
	defer c.Close()
	defer until(ctx, c)()
	f := pgproto3.NewFrontend(c, c)
	f.SetMaxBodyLen(mostMessage)
	f.Send(&pgproto3.StartupMessage{
		ProtocolVersion: pgproto3.ProtocolVersion30,
		Parameters:      map[string]string{"user": userAgent, "database": "postgres", "application_name": userAgent},
	})
	if err := f.Flush(); err != nil {
		return failover.Silent, err
	}
	message, err := f.Receive()
	if err != nil {
		return failover.Silent, err
	}
	return judgePostgres(message)
}

// judgePostgres knows the states of PostgreSQL's Appendix A, class 57.
func judgePostgres(message pgproto3.BackendMessage) (failover.Answer, error) {
	switch m := message.(type) {
	case *pgproto3.ErrorResponse:
		switch m.Code {
		case "57P01", "57P02", "57P03": // admin_shutdown, crash_shutdown, cannot_connect_now
			return failover.Silent, fmt.Errorf("it says: %s", m.Message)
		}
		return failover.Alive, nil
	case pgproto3.AuthenticationResponseMessage:
		return failover.Alive, nil
	}
	return failover.Silent, fmt.Errorf("it says %T, which is no answer to a start-up message", message)
}
