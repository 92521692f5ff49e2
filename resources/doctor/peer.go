package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hotpair/hotpair/resources/peer"
)

// channelOnly tells why the peer is not asked over the channel; false: it is.
func (l *look) channelOnly() (verdict, bool) {
	return skipped("on a stock pair there is no channel to ask it over"), l.byStock()
}

func (l *look) askState(ctx context.Context) (peer.State, error) {
	link, err := l.link.get(ctx, ctx)
	if err != nil {
		return peer.State{}, err
	}
	return link.State(ctx)
}

// compared is what the peer's state says of one thing, or of several.
func (l *look) compared(ctx context.Context, names ...string) verdict {
	if v, stock := l.channelOnly(); stock {
		return v
	}
	s, err := l.state.get(ctx, l.run)
	if err != nil {
		return unknown(err)
	}
	want := peer.Expected{Hotpair: l.Version}
	if l.Own != nil {
		want.Own = l.Own()
	}
	var says []string
	for _, c := range s.Compare(want) {
		switch {
		case !slices.Contains(names, c.Name):
		case !c.OK:
			return toMend(c.Mend, "%s", c.Found)
		default:
			says = append(says, c.Found)
		}
	}
	return well("%s", strings.Join(says, ", "))
}

func peerState(ctx context.Context, l *look) verdict {
	return l.compared(ctx, peer.RoleCheck, peer.PassiveCheck, peer.PeerCheck)
}

// together is how far two clocks may be apart without a word.
const together = 5 * time.Second

func clock(ctx context.Context, l *look) verdict {
	v := l.compared(ctx, peer.ClockCheck)
	const mend = "have both nodes follow a time server: `timedatectl set-ntp true`"
	if v.result == Mend {
		v.mend = mend
	}
	if v.result != Well {
		return v
	}
	f, err := l.facts.get(ctx, l.run)
	if err != nil {
		return v
	}
	if f.apart > together {
		return toMend(mend, "the clocks are %s apart", f.apart.Round(time.Second))
	}
	return v
}

func hotpairVersion(ctx context.Context, l *look) verdict {
	return l.compared(ctx, peer.VersionCheck)
}

// products are what both platforms say of themselves.
func (l *look) products(ctx context.Context) (own, other product, v verdict) {
	if v, stock := l.channelOnly(); stock {
		return own, other, v
	}
	f, err := l.facts.get(ctx, l.run)
	if err == nil {
		own, err = l.product.get(ctx, l.run)
	}
	if err != nil {
		return own, other, unknown(err)
	}
	return own, f.Product, verdict{}
}

func productVersion(ctx context.Context, l *look) verdict {
	own, other, v := l.products(ctx)
	switch {
	case v.result != "":
		return v
	case own.Version == "" && other.Version == "":
		return skipped("this platform does not tell its version")
	case own.Version != other.Version:
		return toMend("upgrade the older one; until then nothing is copied that has changed its shape", "%s here, %s on the peer", orNone(own.Version), orNone(other.Version))
	}
	return well("both have %s", own.Version)
}

func orNone(text string) string {
	if text == "" {
		return "none that is told"
	}
	return text
}

func locale(ctx context.Context, l *look) verdict {
	own, other, v := l.products(ctx)
	if v.result != "" {
		return v
	}
	var amiss []string
	mend := "make the peer's database anew, with the encoding and the locale of this one: `pg_dump`, `createdb -T template0`, `psql`"
	for _, part := range []struct{ what, own, other string }{
		{"encoding", own.Encoding, other.Encoding}, {"collation", own.Collation, other.Collation}, {"LANG", own.Language, other.Language},
	} {
		if part.own == part.other {
			continue
		}
		if part.what == "LANG" && len(amiss) == 0 {
			mend = "have it the same on both: `update-locale LANG=" + orNone(own.Language) + "` on the peer"
		}
		amiss = append(amiss, fmt.Sprintf("%s: %s here, %s on the peer", part.what, orNone(part.own), orNone(part.other)))
	}
	return either(amiss, mend, "encoding, collation and LANG are the same")
}
