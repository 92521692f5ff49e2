package resources

import (
	"time"

	"github.com/hotpair/hotpair/resources/endpoint"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

// Answer tells whether this node serves, to those who ask. Where hotpair
// decides, it is active from when its services answer, or were waited for long
// enough, until it is to stand by; a restart of Asterisk in between changes
// nothing. What the failover told before since is not known to hold: false.
// Elsewhere it is active while its services are not disabled.
func Answer(cfg *schema.Config, h *host.Host, decides bool, since time.Time) (s endpoint.State, known bool) {
	s.NodeType = string(cfg.Node.Role)
	if cfg.Peer.Address.IsValid() && cfg.Node.Role != schema.Disabled {
		s.RemoteAddress = cfg.Peer.Address.String()
	}
	if !decides {
		s.Active = Serves(cfg, h)
		return s, true
	}
	now, told := takeover.Stands(h)
	s.Active = now.Serve && now.Serving && !now.Busy
	s.Since, s.Peer, s.Trouble, s.Paused = now.Since, string(now.Peer), string(now.Trouble), now.Paused
	return s, told && !now.Told.Before(since)
}
