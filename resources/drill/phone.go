package drill

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// phone is one synthetic phone.
type phone struct {
	number     int // from 0
	options    Options
	watch      *stopwatch
	lines      [2]*line
	at         Node
	registered func()       // is called at each registration; nil: nothing is
	expires    [2]time.Time // until when a server may still have its contact
}

func newPhone(ctx context.Context, number int, o Options, w *stopwatch) (*phone, error) {
	p := &phone{number: number, options: o, watch: w}
	user := o.User
	if user == "" {
		user = fmt.Sprintf("hotpair-drill-%d", number+1)
	}
	for n, at := range o.Servers {
		c, err := new(net.Dialer).DialContext(ctx, "udp", at.String())
		if err != nil {
			p.close()
			return nil, err
		}
		p.lines[n] = newLine(c, user, o.Domain)
	}
	return p, nil
}

func (p *phone) close() {
	for _, l := range p.lines {
		if l != nil {
			l.Close()
		}
	}
}

// live registers, and refreshes that, until the context ends or it is refused.
func (p *phone) live(ctx context.Context) error {
	share := float64(p.number+1) / float64(p.options.Phones) // so that they do not refresh together
	for ctx.Err() == nil {
		granted, err := p.refresh(ctx)
		wait := time.Duration(float64(granted/2) * share)
		if share = 1; err != nil {
			if _, refused := errors.AsType[*Refused](err); refused {
				return err
			}
			wait = p.options.TimerF
		}
		pause(ctx, wait)
	}
	return nil
}

// refresh registers where the phone is, or else at the other server. One at the
// standby tries the master first.
func (p *phone) refresh(ctx context.Context) (granted time.Duration, err error) {
	if p.at == Standby {
		brief := p.options
		brief.TimerF = p.options.short()
		if granted, err = p.try(ctx, Master, brief); err == nil {
			return granted, nil
		}
	}
	granted, err = p.try(ctx, p.at, p.options)
	if _, refused := errors.AsType[*Refused](err); err == nil || refused || ctx.Err() != nil {
		return granted, err
	}
	return p.try(ctx, p.at.other(), p.options)
}

// try registers at one server.
func (p *phone) try(ctx context.Context, n Node, o Options) (time.Duration, error) {
	asked := time.Now()
	granted, err := p.register(ctx, n, p.options.Expiry, o)
	if err != nil {
		if ctx.Err() == nil {
			p.watch.missed(n, asked)
		}
		return 0, err
	}
	now := time.Now()
	p.at, p.expires[n] = n, now.Add(granted)
	p.watch.registers(p.number, n, now)
	if p.registered != nil {
		p.registered()
	}
	return granted, nil
}

// leave ends the registrations that may still be there.
func (p *phone) leave(ctx context.Context) {
	for n, until := range p.expires {
		if time.Now().Before(until) {
			brief := p.options
			brief.TimerF = p.options.short()
			_, _ = p.register(ctx, Node(n), 0, brief) // what is not ended ends by itself
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
