package resources

import (
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

// PeerNode is this node as its peer sees it. Where a platform has no sign of
// passive services, a slave is taken for passive. What decides who serves tells
// whether it runs.
func PeerNode(cfg *schema.Config, h *host.Host, version string, decides func() bool) peer.Node {
	s := peer.State{
		Hotpair: version, Role: string(cfg.Node.Role), Peer: cfg.Peer.Address, Now: time.Now().UTC(),
		Directories: cfg.Replication.Directories,
		Active:      Serves(cfg, h),
	}
	switch flag := cfg.Platform.State.Passive; {
	case flag == "":
		s.Active = cfg.Node.Role != schema.Slave
	case !s.Active:
		s.PassiveSince = changedAt(h.Host(flag))
	}
	n := peer.Node{Host: h, State: s, Database: peerSocket(cfg)}
	n.Reports = func(in io.Reader, out io.Writer) error { return takeover.Answer(h, decides, in, out) }
	if since := s.PassiveSince; !since.IsZero() {
		n.Passive = func() bool { return changedAt(h.Host(cfg.Platform.State.Passive)).Equal(since) }
	}
	return n
}

// changedAt is when a file's content, name or owner last changed; zero where it
// is not known.
func changedAt(file string) time.Time {
	info, err := os.Lstat(file)
	if err != nil {
		return time.Time{}
	}
	stat, is := info.Sys().(*syscall.Stat_t)
	if !is {
		return time.Time{}
	}
	return time.Unix(stat.Ctim.Unix()).UTC()
}

// peerSocket is where this node's PostgreSQL listens; none where database.url
// names no unix socket.
func peerSocket(cfg *schema.Config) peer.Socket {
	config, err := pgx.ParseConfig(cfg.Database.URL.Reveal())
	if err != nil || !cfg.Database.Enabled || !strings.HasPrefix(config.Host, "/") {
		return peer.Socket{}
	}
	return peer.Socket{Address: fmt.Sprintf("%s/.s.PGSQL.%d", config.Host, config.Port), User: config.User}
}

// PeerTarget is how this node reaches its peer.
func PeerTarget(cfg *schema.Config, h *host.Host) peer.Target {
	return peer.Target{Address: cfg.Peer.Address, Port: cfg.Peer.SSH.Port, HostKey: cfg.Peer.SSH.HostKey, Host: h}
}
