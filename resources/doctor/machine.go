package doctor

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

// The room below which something is said: always below least, and below
// enough where that is less than a twentieth of the disk.
const (
	least  = 256 << 20 // bytes
	enough = 2 << 30   // bytes
)

func diskRoom(ctx context.Context, l *look) verdict {
	var amiss []string
	fullest := ""
	seen := map[uint64]bool{}
	for _, dir := range l.directories(ctx) {
		place := l.existing(dir)
		info, err := os.Stat(place)
		if err != nil {
			return unknown(err)
		}
		stat, is := info.Sys().(*syscall.Stat_t)
		if is && seen[stat.Dev] {
			continue
		}
		if is {
			seen[stat.Dev] = true
		}
		short, err := shortOf(place)
		switch {
		case err != nil:
			return unknown(err)
		case short != "":
			amiss, fullest = append(amiss, fmt.Sprintf("%s of %s are free", short, place)), place
		}
	}
	return either(amiss, fmt.Sprintf("make room: `du -x -h -d 2 %s | sort -h | tail -n 20` shows what takes it", host.Quoted(fullest)), "%s with room", plural(len(seen), "disk"))
}

// directories are what must have room.
func (l *look) directories(ctx context.Context) []string {
	list := append([]string{path.Dir(reconcile.LedgerPath)}, l.Config.Replication.Directories...)
	data := ""
	err := l.query(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, `SELECT current_setting('data_directory')`).Scan(&data)
	})
	if err == nil {
		list = append(list, l.Node.Host.Inside(data))
	}
	return list
}

// existing is a directory on this machine or, until it is made, the one above.
func (l *look) existing(dir string) string {
	for ; dir != "/"; dir = path.Dir(dir) {
		if _, err := os.Stat(l.Node.Host.Host(dir)); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return l.Node.Host.Host(dir)
}

// shortOf tells how little is left of a disk's blocks or inodes (statfs(2)); "":
// enough.
func shortOf(place string) (string, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(place, &s); err != nil {
		return "", fmt.Errorf("%s: %w", place, err)
	}
	free, size := s.Bavail*uint64(s.Bsize), s.Blocks*uint64(s.Bsize)
	switch {
	case free < least || free < enough && free < size/20:
		return fmt.Sprintf("only %d of %d MiB", free>>20, size>>20), nil
	case s.Files > 0 && s.Ffree < s.Files/100:
		return fmt.Sprintf("only %d of %d inodes", s.Ffree, s.Files), nil
	}
	return "", nil
}

// names looks up the node's own name, and those of ha.hcl.
func names(ctx context.Context, l *look) verdict {
	var amiss []string
	mend := ""
	own := l.hostname()
	for _, name := range append([]string{own}, l.written()...) {
		if _, err := netip.ParseAddr(name); name == "" || err == nil || l.resolves(ctx, name) {
			continue
		}
		amiss = append(amiss, name)
		if mend == "" {
			mend = "have a name server know it, or write it into /etc/hosts: " + fmt.Sprintf("`echo ADDRESS %s >>%s`", host.Quoted(name), host.Quoted(l.Node.Host.Host(hostsFile)))
		}
		if name == own {
			mend = fmt.Sprintf("`echo 127.0.1.1 %s >>%s`", host.Quoted(name), host.Quoted(l.Node.Host.Host(hostsFile)))
		}
	}
	if ctx.Err() != nil {
		return unknown(ctx.Err())
	}
	return either(named("nobody knows ", amiss), mend, "all resolve")
}

const hostsFile = "/etc/hosts"

func (l *look) hostname() string {
	if l.Node.Host.IsMachine() {
		name, err := os.Hostname()
		if err != nil {
			return ""
		}
		return name
	}
	text, err := l.Node.Host.Read("/etc/hostname")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// written are the host names of ha.hcl.
func (l *look) written() []string {
	c := l.Config
	list := slices.Clone(c.Endpoint.Names)
	urls := []schema.Secret{}
	if c.Provisioning.Enabled {
		urls = append(urls, c.Provisioning.URL, c.Provisioning.Auth.URL)
	}
	if c.Failover.HTTP.Enabled {
		urls = append(urls, c.Failover.HTTP.URL)
	}
	for _, text := range urls {
		if u, err := url.Parse(text.Reveal()); err == nil {
			list = append(list, u.Hostname())
		}
	}
	if config, err := pgx.ParseConfig(c.Database.URL.Reveal()); err == nil && c.Database.Enabled && !strings.HasPrefix(config.Host, "/") {
		list = append(list, config.Host)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// resolves tells whether a name has an address. A node below a root of its own
// has its own hosts(5), and no name server.
func (l *look) resolves(ctx context.Context, name string) bool {
	if l.Node.Host.IsMachine() {
		addresses, err := net.DefaultResolver.LookupHost(ctx, name)
		return err == nil && len(addresses) > 0
	}
	text, err := l.Node.Host.Read(hostsFile)
	if err != nil {
		return false
	}
	for scanner := bufio.NewScanner(bytes.NewReader(text)); scanner.Scan(); {
		line, _, _ := strings.Cut(scanner.Text(), "#")
		if fields := strings.Fields(line); len(fields) > 1 && slices.Contains(fields[1:], name) {
			return true
		}
	}
	return false
}

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
