package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/replicate"
)

// The ages beyond which something is said. Everything is compared once a day.
const (
	latest         = 25 * time.Hour
	latestVerified = 31 * 24 * time.Hour
)

// standings is how the replication from this master stands.
func (l *look) standings(ctx context.Context) ([]replicate.Standing, verdict) {
	if !resources.Follows(l.Config) {
		return nil, skipped("replication.runner is %q: who copies then tells nobody", l.Config.Replication.Runner)
	}
	o, err := resources.Replication(l.Config, l.Node.Host, nil)
	if err != nil {
		return nil, unknown(err)
	}
	list, err := replicate.Standings(ctx, o, false)
	switch {
	case err != nil:
		return nil, unknown(err)
	case len(list) == 0:
		return nil, skipped("ha.hcl has nothing replicated")
	}
	return list, verdict{}
}

func replicated(ctx context.Context, l *look) verdict {
	switch {
	case l.isMaster():
	case !resources.Decides(l.Config):
		return skipped("replication.runner is %q: who copies then tells nobody", l.Config.Replication.Runner)
	default:
		return l.readiness("replication")
	}
	list, why := l.standings(ctx)
	if list == nil {
		return why
	}
	var says, amiss []string
	mend := "`hotpair replicate`, and see `hotpair history`"
	for _, s := range list {
		switch age := time.Since(s.Good); {
		case s.Waits != "":
			amiss, mend = append(amiss, s.What+": "+s.Waits), "read the file that is named, then `hotpair replicate --allow overwrite`"
		case s.Failure != "":
			amiss = append(amiss, s.What+": the last run failed: "+s.Failure)
		case s.Good.IsZero():
			amiss = append(amiss, s.What+": never replicated well")
		case age > latest:
			amiss = append(amiss, fmt.Sprintf("%s: last replicated well at %s", s.What, stamp(s.Good)))
		default:
			says = append(says, s.What+" at "+stamp(s.Good))
		}
	}
	return either(amiss, mend, "%s", strings.Join(says, ", "))
}

func verified(ctx context.Context, l *look) verdict {
	list, why := l.standings(ctx)
	if list == nil {
		return why
	}
	var says, amiss []string
	for _, s := range list {
		switch {
		case s.Verified.IsZero():
			amiss = append(amiss, s.What+": never verified")
		case time.Since(s.Verified) > latestVerified:
			amiss = append(amiss, s.What+": last verified at "+stamp(s.Verified))
		default:
			says = append(says, s.What+" at "+stamp(s.Verified))
		}
	}
	return either(amiss, "`hotpair replicate --verify`", "%s", strings.Join(says, ", "))
}

func stamp(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }
