package rows

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

func asPgError(err error, target **pgconn.PgError) bool { return errors.As(err, target) }

// code is the SQLSTATE of a server's error, "" of any other.
func code(err error) string {
	var server *pgconn.PgError
	if asPgError(err, &server) {
		return server.Code
	}
	return ""
}

// The SQLSTATEs that are told apart (PostgreSQL's documentation, appendix A).
const (
	lockNotAvailable  = "55P03"
	deadlockDetected  = "40P01"
	insufficientRight = "42501"
	diskFull          = "53100"
	couldNotExtend    = "58030"
	adminShutdown     = "57P01"
	crashShutdown     = "57P02"
	cannotConnectNow  = "57P03"
	readOnly          = "25006"
)

// message is what a server said, unless that could hold the content of a row:
// those of class 22 (data exception) quote it, those of class P0 are a
// function's own words.
func message(e *pgconn.PgError) string {
	if strings.HasPrefix(e.Code, "22") || strings.HasPrefix(e.Code, "P0") {
		return "a value is not accepted; it is not shown here"
	}
	return e.Message
}

// advice says what to do about an error of the server.
func advice(code string) string {
	switch code {
	case diskFull, couldNotExtend:
		return ": make room on its disk; nothing was changed"
	case lockNotAvailable:
		return ": somebody keeps a row or a table locked there: pg_stat_activity and pg_locks name him; the next run tries again"
	case insufficientRight:
		return ": connect as a superuser, or grant what is missing"
	case adminShutdown, crashShutdown, cannotConnectNow:
		return ": it is being restarted; the next run does the work"
	case readOnly:
		return ": this server takes no writes; it may be a replica, or be recovering"
	}
	return ""
}

// unreached says what to do about a server that does not answer.
func unreached(err error) string {
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) {
		return ": see that it runs"
	}
	return ""
}

// Apart says what keeps two databases from being copied: another version of
// the product, a table or a column that one of them has not.
type Apart struct{ What []string }

func (e *Apart) Error() string {
	const most = 5
	list := e.What
	more := ""
	if len(list) > most {
		list, more = list[:most], fmt.Sprintf("; and %d more", len(e.What)-most)
	}
	return "the databases are not of the same version: " + strings.Join(list, "; ") + more + ". Upgrade both nodes to the same version first"
}

// Brake says why a master looks emptied, reinstalled or restored. Nothing is
// copied from it unless an administrator says that it is the right one.
type Brake struct{ Why string }

func (e *Brake) Error() string {
	return e.Why + ". The standby is untouched, and may hold the only good copy. See first what happened on the master; only if its state is right, run `hotpair replicate database --accept-master`, which holds for that run alone"
}

// Own says that the standby holds rows that would be lost and may be of its own.
type Own struct {
	Rows   int
	Tables []string
	First  bool // there was no good run yet, so that nobody knows whose they are
}

func (e *Own) Error() string {
	rows, differ, were, them := "rows", "differ", "were", "them"
	if e.Rows == 1 {
		rows, differ, were, them = "row", "differs", "was", "it"
	}
	tables := few(e.Tables)
	if e.First {
		return fmt.Sprintf("%d %s of the standby %s from the master's and would be overwritten or deleted, in %s; before the first run hotpair cannot tell who changed %s", e.Rows, rows, differ, tables, them)
	}
	return fmt.Sprintf("%d %s %s made or changed on the standby since the last good run and would be overwritten or deleted, in %s", e.Rows, rows, were, tables)
}

// Note tells the same of rows that may go.
func (e *Own) Note() string {
	tables := few(e.Tables)
	if e.First {
		return fmt.Sprintf("%d of these are rows of the standby that differ, in %s; before the first run hotpair cannot tell who changed them", e.Rows, tables)
	}
	return fmt.Sprintf("%d of these rows were made or changed on the standby since the last good run, in %s", e.Rows, tables)
}

// few names the first of many.
func few(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// ErrUncertain is the error of a connection that broke while the standby
// committed.
var ErrUncertain = errors.New("the connection broke while the standby committed: it has all rows of this run, or none; the next run finds out")

// Locked names who holds a lock that is needed.
type Locked struct{ Who, Table string }

func (e *Locked) Error() string {
	if e.Who == "" {
		return "a table of the standby is locked by somebody who is gone by now; the next run does the work"
	}
	return fmt.Sprintf("table %s of the standby is locked by %s", e.Table, e.Who)
}
