package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

// dhcpReplicated tells whether the configuration of the DHCP server follows the
// master.
func dhcpReplicated(cfg *schema.Config) bool {
	r := cfg.Replication
	known := len(r.KnownTables) == 0 || slices.Contains(r.KnownTables, "dhcp")
	return cfg.Database.Enabled && r.Database && known && !slices.Contains(r.ExcludeTables, "dhcp")
}

func subnet(_ context.Context, l *look) verdict {
	if !dhcpReplicated(l.Config) {
		return skipped("DHCP is not replicated")
	}
	peer := l.Config.Peer.Address
	own, err := takeover.OwnAddress(peer)
	if err != nil {
		return unknown(fmt.Errorf("this node does not reach the peer: %w", err))
	}
	prefix, err := prefixOf(own)
	switch {
	case err != nil:
		return unknown(err)
	case prefix.Contains(peer):
		return well("both are in %s", prefix.Masked())
	}
	return toMend("put both into one subnet, or have each its own DHCP: replication { extra_exclude { tables = [\"dhcp\"] } }", "%s is not in %s, this node's subnet", peer, prefix.Masked())
}

// prefixOf is the subnet of one of this machine's addresses.
func prefixOf(own netip.Addr) (netip.Prefix, error) {
	list, err := net.InterfaceAddrs()
	for _, a := range list {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil && prefix.Addr().Unmap() == own {
			return prefix, nil
		}
	}
	return netip.Prefix{}, errors.Join(err, fmt.Errorf("no interface has %s", own))
}

// usersPerCore is what Wildix documents of a standby's capacity ("Failover").
const usersPerCore = 500

func capacity(ctx context.Context, l *look) verdict {
	users := 0
	err := l.query(ctx, func(conn *pgx.Conn) error {
		var there bool
		err := conn.QueryRow(ctx, `SELECT to_regclass('public.userfeatures') IS NOT NULL`).Scan(&there)
		if err != nil || !there {
			return errors.Join(err, errNoDatabase)
		}
		return conn.QueryRow(ctx, `SELECT count(*) FROM public.userfeatures`).Scan(&users)
	})
	if err != nil {
		return ofDatabase(err)
	}
	cores := runtime.NumCPU()
	if needed := (users + usersPerCore - 1) / usersPerCore; needed > cores {
		return toMend(fmt.Sprintf("give this node %s", plural(needed, "core")), "%s on %s: a core carries %d", plural(users, "user"), plural(cores, "core"), usersPerCore)
	}
	return well("%s on %s", plural(users, "user"), plural(cores, "core"))
}
