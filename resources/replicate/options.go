package replicate

import (
	"context"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/resources/replicate/rows"
)

// Options say what follows the master, and to whom.
type Options struct {
	Host      *host.Host // the master
	Peer      peer.Target
	Own       func() []netip.Addr // addresses of this node, one of which the peer must name; none: any
	MaxDelete int                 // percent that one run may delete
	Database  *Database           // nil: it is not copied
	Files     *Files              // nil: they are not copied
	// Lasting: runs follow each other, so that what was sent is remembered.
	Lasting bool
	// Progress hears how far a run is, in tables or in bytes; nil: nobody does.
	Progress func(what string, done, total int64)
}

// Database is what of a database follows.
type Database struct {
	Name, User string // as both nodes call it
	Local      func(ctx context.Context) (*pgx.Conn, error)
	Classes    rows.Classes
}

// Files are the directories that follow.
type Files struct{ Directories, Exclude []string }

// How a run is made.
type How struct {
	Why          string // "by hand", "schedule", "change" …, for the history
	DryRun       bool   // tells what would be copied; nothing is written
	Verify       bool   // compares everything by content; nothing is written
	Full         bool   // compares everything before it copies
	Overwrite    bool   // rows of the standby's own may be overwritten
	AcceptMaster bool   // a master that looks emptied or restored is the right one
	// Patience is how long another run is waited for; then the error is a *disk.Busy.
	Patience time.Duration
}
