package resources

import (
	"net/netip"
	"time"

	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

// SIPServers are the master's and the standby's, as the standby reaches them.
func SIPServers(cfg *schema.Config) ([2]netip.AddrPort, error) {
	own, err := takeover.OwnAddress(cfg.Peer.Address)
	port := uint16(cfg.Failover.SIP.Port)
	return [2]netip.AddrPort{netip.AddrPortFrom(cfg.Peer.Address, port), netip.AddrPortFrom(own, port)}, err
}

// WindowOpen tells whether failover.failback.window is open.
func WindowOpen(cfg *schema.Config, now time.Time) bool {
	return FailoverPolicy(cfg).Failback.Within.Open(now.Local())
}

// DrillSlack is what a drill's deadline leaves the daemon over what its phones
// were given.
const DrillSlack = 30 * time.Second

// GivingBack is how long a failback that was ordered may take: the master is
// asked, starts its services, and this node's calls and registrations end.
func GivingBack(cfg *schema.Config, start time.Duration) time.Duration {
	p := FailoverPolicy(cfg)
	return p.Degraded + 2*p.Answering + p.Failback.Drain + start + DrillSlack
}
