package rows

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// sessionName is what servers know our sessions by.
const sessionName = "hotpair replication"

// pinned are the settings on which the text of a value depends, and those that
// keep a session from being hindered by what the server presets, and what it
// reads and writes out of the server's log.
var pinned = [...]string{
	"SET search_path = pg_catalog",
	"SET DateStyle = 'ISO, YMD'",
	"SET IntervalStyle = 'postgres'",
	"SET TimeZone = 'UTC'",
	"SET extra_float_digits = 3",
	"SET bytea_output = 'hex'",
	"SET xmloption = 'content'",
	"SET lc_monetary = 'C'",
	"SET client_encoding = 'UTF8'",
	"SET row_security = off",
	"SET statement_timeout = 0",
	"SET idle_in_transaction_session_timeout = 0",
	"SET default_transaction_read_only = off",
	"SET synchronous_commit = on",
	// The server's own log shows rows and parameters with an error.
	"SELECT set_config(name, value, false) FROM (VALUES ('log_min_messages', 'fatal'), ('log_min_error_statement', 'panic'), ('log_statement', 'none'), ('log_min_duration_statement', '-1')) AS s(name, value) WHERE current_setting('is_superuser') = 'on'",
	"SET jit = off", // its price is paid for each statement, and here each is run once
	"SET work_mem = '64MB'",
	"SET application_name = '" + sessionName + "'",
}

// side is a session on one of the nodes. Its errors name the node.
type side struct {
	name   string
	conn   *pgx.Conn
	pinned bool // its settings are
}

// exec runs statements that return nothing.
func (s *side) exec(ctx context.Context, statements string) error {
	_, err := s.conn.PgConn().Exec(ctx, statements).ReadAll()
	return s.wrap(err)
}

func texts(row [][]byte) []string {
	list := make([]string, len(row))
	for i, v := range row {
		list[i] = string(v)
	}
	return list
}

// wrap names the node. What PostgreSQL adds in DETAIL and CONTEXT can hold the
// content of rows and is left out.
func (s *side) wrap(err error) error {
	if err == nil {
		return nil
	}
	return &NodeError{Node: s.name, Err: err}
}

// NodeError is an error of one of the databases.
type NodeError struct {
	Node string // "master" or "standby"
	Err  error
}

func (e *NodeError) Error() string {
	var server *pgconn.PgError
	if !asPgError(e.Err, &server) {
		return fmt.Sprintf("%s's database: %s%s", e.Node, strings.Join(strings.Fields(e.Err.Error()), " "), unreached(e.Err))
	}
	where := server.TableName
	if server.ConstraintName != "" {
		where = strings.TrimPrefix(where+", constraint "+server.ConstraintName, ", ")
	}
	if where != "" {
		where = " (" + where + ")"
	}
	return fmt.Sprintf("%s's database: %s%s [SQLSTATE %s]%s", e.Node, message(server), where, server.Code, advice(server.Code))
}

func (e *NodeError) Unwrap() error { return e.Err }
