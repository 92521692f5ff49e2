package drill

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/sip"
)

// Refused is the error of a registration that makes no sense to repeat.
type Refused struct {
	At  Node
	Why string
}

func (r *Refused) Error() string {
	return fmt.Sprintf("the %s refuses the registration: %s", r.At, r.Why)
}

// mostTurns bounds how often one registration is asked for: with another expiry,
// with a password, with a fresh nonce.
const mostTurns = 4

// register registers for a time; 0 ends the registration. It gives what the
// registrar granted.
func (p *phone) register(ctx context.Context, at Node, expiry time.Duration, o Options) (time.Duration, error) {
	l, proof, proved := p.lines[at], "", false
	for range mostTurns {
		t, request := l.next(expiry, proof)
		r, err := l.ask(ctx, t, request, o)
		if err != nil {
			return 0, err
		}
		p.watch.answered(at, time.Now())
		switch {
		case r.Status < 300:
			return granted(r, l, expiry)
		case r.Status == 401 || r.Status == 407:
			if proof, err = p.prove(r, at, proved); err != nil {
				return 0, err
			}
			proved = true
		case r.Status == 423: // RFC 3261 §10.3, §21.4.17
			least, told := r.Least()
			if !told || least <= expiry || least > longest {
				return 0, said(r)
			}
			expiry = least
		case r.Status == 403:
			return 0, &Refused{at, said(r).Error()}
		default:
			return 0, said(r)
		}
	}
	return 0, errors.New("it asks again and again for something else")
}

// prove answers a challenge.
func (p *phone) prove(r sip.Response, at Node, proved bool) (string, error) {
	c, err := r.Challenge()
	switch {
	case err != nil:
		return "", &Refused{at, err.Error()}
	case p.options.Password == nil:
		return "", &Refused{at, "it asks for a password: give --user and --password-file"}
	case proved && !c.Stale:
		return "", &Refused{at, fmt.Sprintf("user %s or its password is wrong", p.options.User)}
	}
	return c.Answer(p.options.User, p.options.Password(), "REGISTER", p.lines[at].uri()), nil
}

// granted is how long a registration lasts; what the registrar does not say is
// as it was asked for.
func granted(r sip.Response, l *line, asked time.Duration) (time.Duration, error) {
	if asked == 0 {
		return 0, nil
	}
	got, told := r.Granted(l.contact())
	switch {
	case !told:
		return asked, nil
	case got <= 0 || got > longest:
		return 0, fmt.Errorf("it grants %s", got)
	}
	return got, nil
}

func said(r sip.Response) error {
	const most = 100
	return fmt.Errorf("%d %s", r.Status, host.Printable(r.Reason[:min(len(r.Reason), most)]))
}
