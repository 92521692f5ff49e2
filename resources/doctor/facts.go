package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/hotpair/hotpair/schema"
)

// facts are what a node tells its peer about itself, as JSON on one line.
type facts struct {
	Hotpair  string    `json:"hotpair"`
	Now      time.Time `json:"now"`
	Product  product   `json:"product"`
	Findings []Finding `json:"findings"`

	apart time.Duration // of the clocks, at least
}

// Tell writes what this node finds out about itself, and about the way back to
// its peer.
func Tell(ctx context.Context, env Env, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, usualLimit+time.Second)
	defer cancel()
	env.AskPeer = env.Config.Node.Role == schema.Slave // by ping and SIP alone
	l := newLook(ctx, env)
	f := facts{Hotpair: env.Version}
	if env.Config.Node.Role != schema.Disabled {
		f.Findings = slices.DeleteFunc(l.all(ctx, Checks()), func(found Finding) bool { return found.Result == Skipped })
	}
	f.Product, _ = l.product.get(ctx, l.run) // its own checks tell why it is not known
	f.Now = time.Now().UTC()
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	_, err = out.Write(append(text, '\n'))
	return err
}

// errNoFacts is of an answer that no hotpair gives.
var errNoFacts = errors.New("what answers tells nothing about itself: install the same version of hotpair there")

// askFacts asks the peer. What it answers is hostile.
func (l *look) askFacts(ctx context.Context) (facts, error) {
	link, err := l.link.get(ctx, ctx)
	if err != nil {
		return facts{}, err
	}
	text, err := link.Facts(ctx)
	if err != nil {
		return facts{}, err
	}
	return readFacts(text, time.Now())
}

// readFacts understands an answer that came at a time.
func readFacts(text []byte, came time.Time) (facts, error) {
	var f facts
	if err := json.Unmarshal(text, &f); err != nil || f.Hotpair == "" {
		return facts{}, errNoFacts
	}
	f.apart = came.Sub(f.Now).Abs()
	p := &f.Product
	for _, field := range []*string{&f.Hotpair, &p.Version, &p.Encoding, &p.Collation, &p.Language} {
		*field = printable(*field)
	}
	var sound []Finding
	for _, c := range Checks() {
		at := slices.IndexFunc(f.Findings, func(found Finding) bool { return found.Code == c.Code })
		if at < 0 || !slices.Contains([]Result{Well, Mend, Unknown}, f.Findings[at].Result) {
			continue
		}
		found := f.Findings[at]
		sound = append(sound, Finding{Code: c.Code, Node: Peer, Result: found.Result, Says: printable(found.Says), Why: c.Why, Mend: printable(found.Mend)})
	}
	f.Findings = sound
	return f, nil
}

func peerDoctor(ctx context.Context, l *look) verdict {
	if v, stock := l.channelOnly(); stock {
		return v
	}
	f, err := l.facts.get(ctx, l.run)
	if err != nil {
		return unknown(err)
	}
	amiss := 0
	for _, found := range f.Findings {
		if found.Result == Mend {
			amiss++
		}
	}
	return well("it looked at %s about itself, %d of them to mend", plural(len(f.Findings), "thing"), amiss)
}

// peers are the peer's own findings about what was asked for.
func (l *look) peers(chosen []Check) []Finding {
	f, there := l.facts.had()
	if !there {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(f.Findings), func(found Finding) bool {
		return !slices.ContainsFunc(chosen, func(c Check) bool { return c.Code == found.Code })
	})
}
