package resources

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// database is the telephony database of a node.
type database struct {
	host *host.Host
	url  string
}

const connectLimit = 5 * time.Second

// connect connects over the local socket, as root with the right user, or over
// TCP. A statement is given up after 10 s, a lock that is not had after 5 s.
func (d database) connect(ctx context.Context) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(d.url)
	if err != nil {
		return nil, fmt.Errorf("database.url cannot be used")
	}
	config.ConnectTimeout = connectLimit
	config.RuntimeParams["application_name"] = "hotpair"
	config.RuntimeParams["statement_timeout"] = "10000"
	config.RuntimeParams["lock_timeout"] = "5000"
	if strings.HasPrefix(config.Host, "/") {
		user := config.User
		config.DialFunc = func(ctx context.Context, _, address string) (net.Conn, error) {
			return d.host.DialUnix(ctx, address, user)
		}
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("connecting to the telephony database: %w: see that it runs", host.Steady(err))
	case err != nil:
		return nil, fmt.Errorf("connecting to the telephony database: %w", host.Steady(err))
	}
	return conn, nil
}

// TelephonyDatabase connects to this node's database; nil: none is looked at.
func TelephonyDatabase(cfg *schema.Config, h *host.Host) func(ctx context.Context) (*pgx.Conn, error) {
	if !databaseKept(cfg, h) {
		return nil
	}
	return database{h, cfg.Database.URL.Reveal()}.connect
}

// within calls do in a transaction.
func (d database) within(ctx context.Context, mode pgx.TxAccessMode, do func(tx pgx.Tx) error) error {
	conn, err := d.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return host.Steady(pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{AccessMode: mode}, do))
}

// databaseKept tells whether the database is to be asked. Below a root of its
// own a node is not this machine: there the socket must be below the root, or
// the URL the user's own.
func databaseKept(cfg *schema.Config, h *host.Host) bool {
	if !cfg.Database.Enabled || h.IsMachine() {
		return cfg.Database.Enabled
	}
	config, err := pgx.ParseConfig(cfg.Database.URL.Reveal())
	if err != nil {
		return false
	}
	if !strings.HasPrefix(config.Host, "/") {
		return usersOwn(cfg, "database.url")
	}
	names, err := h.List(config.Host)
	return err == nil && slices.Contains(names, fmt.Sprintf(".s.PGSQL.%d", config.Port))
}

// StockLogin connects to the peer's database as the stock scripts do: over TCP,
// as its superuser, without a password.
func StockLogin(ctx context.Context, cfg *schema.Config) error {
	p := cfg.Platform.PostgreSQL
	config, err := pgx.ParseConfig(fmt.Sprintf("host=%s port=%d sslmode=disable", cfg.Peer.Address, stockPort))
	if err != nil {
		return err
	}
	config.Database, config.User, config.Password, config.ConnectTimeout = p.Database, p.User, "", connectLimit
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return host.Steady(err)
	}
	return conn.Close(context.WithoutCancel(ctx))
}

// stockPort is the one that the stock scripts know.
const stockPort = 5432
