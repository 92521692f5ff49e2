package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/resources/probe"
)

// answers asks once by a probe, for as long as ha.hcl gives it.
func answers(ctx context.Context, what string, a probe.Asker, limit time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	began := time.Now()
	answer, err := a.Ask(ctx)
	switch {
	case errors.Is(err, probe.ErrNotAsked):
		return "", err
	case answer != failover.Alive:
		return "", fmt.Errorf("%s: %s", what, probe.Explain(err, limit))
	}
	return fmt.Sprintf("%s: an answer within %s", what, time.Since(began).Round(100*time.Microsecond)), nil
}

// asked makes a verdict of one question.
func asked(said string, err error, mend string) verdict {
	switch {
	case errors.Is(err, probe.ErrNotAsked):
		return unknown(err)
	case err != nil:
		return toMend(mend, "%s", err)
	}
	return well("%s", said)
}

func pingReach(ctx context.Context, l *look) verdict {
	said, err := answers(ctx, l.Config.Peer.Address.String(), probe.Ping{To: l.Config.Peer.Address}, l.Config.Failover.Ping.Timeout)
	return asked(said, err, "let ICMP echo through the firewalls of both nodes; see that the peer is up")
}

func (l *look) sipServer() netip.AddrPort {
	return netip.AddrPortFrom(l.Config.Peer.Address, uint16(l.Config.Failover.SIP.Port))
}

const mendSIP = "see that the master's Asterisk runs and listens there, that no firewall is between, and that fail2ban has not banned this node: `fail2ban-client status` there"

func sipUDPReach(ctx context.Context, l *look) verdict {
	return l.sip(ctx, "udp", probe.SIPUDP{Target: probe.Target{To: l.sipServer()}})
}

func sipTCPReach(ctx context.Context, l *look) verdict {
	tcp := &probe.SIPTCP{Target: probe.Target{To: l.sipServer()}}
	defer tcp.Close()
	return l.sip(ctx, "tcp", tcp)
}

func (l *look) sip(ctx context.Context, transport string, a probe.Asker) verdict {
	if s := l.Config.Failover.SIP; !s.Enabled || !slices.Contains(s.Transports, transport) {
		return skipped("failover.sip in ha.hcl leaves it out")
	}
	said, err := answers(ctx, fmt.Sprintf("OPTIONS to %s by %s", l.sipServer(), transport), a, l.Config.Failover.SIP.Timeout)
	return asked(said, err, mendSIP)
}

// sshReach connects with hotpair's own key; on a stock pair it looks for the server
// and for the stock key alone.
func sshReach(ctx context.Context, l *look) verdict {
	if l.byStock() {
		return l.stockSSH(ctx)
	}
	_, err := l.state.get(ctx, l.run)
	if err != nil {
		return channelVerdict(ctx, err)
	}
	return well("the peer answers over the channel")
}

// channelVerdict tells what is to be mended of the channel.
func channelVerdict(ctx context.Context, err error) verdict {
	if ctx.Err() != nil {
		return unknown(ctx.Err())
	}
	return toMend("run `hotpair init`, which sets the channel up and checks it end to end", "%s", err)
}

func (l *look) stockSSH(ctx context.Context) verdict {
	if _, err := peer.Scan(ctx, l.Config.Peer.Address, l.Config.Peer.SSH.Port); err != nil {
		return toMend("see that sshd runs there and that its firewall lets SSH in", "%s", err)
	}
	there, err := l.Node.Host.Exists(peer.StockKey)
	switch {
	case err != nil:
		return unknown(err)
	case !there:
		return toMend("`wazo-sync -i`, which makes the key and has the peer admit it", "the SSH server answers, and %s is not there: the stock scripts exit 0 and copy nothing", peer.StockKey)
	}
	return well("the SSH server answers, and the stock key is there")
}

func databaseReach(ctx context.Context, l *look) verdict {
	c := l.Config
	if !c.Database.Enabled || !c.Replication.Database {
		return skipped("ha.hcl has no database replicated")
	}
	if l.byStock() {
		return l.stockDatabase(ctx)
	}
	return l.overChannel(ctx, request{"the peer's PostgreSQL answers", "`systemctl start " + c.Platform.PostgreSQL.Unit + "` on the peer, and see `journalctl -u postgresql` there", (*peer.Link).AskDatabase})
}

func filesReach(ctx context.Context, l *look) verdict {
	switch {
	case !l.Config.Replication.Files || len(l.Config.Replication.Directories) == 0:
		return skipped("ha.hcl has no directory replicated")
	case l.byStock():
		return skipped("the stock scripts start rsync by themselves")
	}
	return l.overChannel(ctx, request{"the peer's rsync answers", "`apt-get install -y rsync` on the peer, and run `hotpair init` here, which checks the channel end to end", (*peer.Link).AskRsync})
}

// request is something that the peer gives only while it is passive.
type request struct {
	fine, mend string
	ask        func(*peer.Link, context.Context) error
}

func (l *look) overChannel(ctx context.Context, r request) verdict {
	s, err := l.state.get(ctx, l.run)
	if err == nil {
		err = s.Refuses()
	}
	if err != nil {
		return unknown(err)
	}
	link, err := l.link.get(ctx, l.run)
	if err != nil {
		return unknown(err)
	}
	if err := r.ask(link, ctx); err != nil {
		if ctx.Err() != nil {
			return unknown(ctx.Err())
		}
		return toMend(r.mend, "%s", err)
	}
	return well("%s", r.fine)
}

// stockDatabase logs in as the stock scripts do: over TCP, without a password.
func (l *look) stockDatabase(ctx context.Context) verdict {
	if err := resources.StockLogin(ctx, l.Config); err != nil {
		return toMend("on the standby, `hotpair apply --allow restart` writes the line that lets this node in, and has PostgreSQL listen", "port 5432 of the peer: %s", host.Printable(err.Error()))
	}
	return well("the peer's PostgreSQL lets this node in at port 5432")
}
