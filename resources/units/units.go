// Package units has systemd units of a node run, or not. It does not know why.
//
// What a maintainer needs to know:
//
//   - `systemctl start` and `stop` end when the units have, or have not, got
//     there: a unit that hangs takes its own time limit, 90 s unless it says
//     otherwise. A later order for the opposite replaces the job that waits
//     (systemctl(1), --job-mode), also when the first systemctl is gone.
//   - One systemctl for several units starts them side by side, and tries the
//     others where one fails.
//   - A unit that ends by itself, as one of Type=oneshot without RemainAfterExit
//     does, counts as stopped, and would be started again and again.
//   - A unit that follows something else must not be enabled: systemd would start
//     it with the machine.
package units

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/resources/host"
)

const systemctl = "/usr/bin/systemctl"

// A Set is some units of one node, by their full names.
type Set struct {
	Host  *host.Host
	Names []string
}

// Astray are the units that do not run and are to, or that run and are not to.
// One that is on its way there is not astray.
func (s Set) Astray(ctx context.Context, run bool) ([]string, error) {
	out, err := s.Host.Output(ctx, systemctl, append([]string{"is-active", "--"}, s.Names...)...)
	states := strings.Fields(out)
	switch {
	case len(states) == len(s.Names): // the exit code tells only whether one runs
	case err != nil:
		return nil, err
	default:
		return nil, fmt.Errorf("running %s is-active: it told %d states of %d units", systemctl, len(states), len(s.Names))
	}
	there := []string{"inactive", "failed", "deactivating", "maintenance"}
	if run {
		there = []string{"active", "activating", "reloading", "refreshing"}
	}
	var astray []string
	for i, state := range states {
		if !slices.Contains(there, state) {
			astray = append(astray, s.Names[i])
		}
	}
	return astray, nil
}

// Bring starts or stops some of the units, and waits for them.
func (s Set) Bring(ctx context.Context, run bool, names []string) error {
	return s.Host.Run(ctx, systemctl, append([]string{verb(run), "--"}, names...)...)
}

func verb(run bool) string {
	if run {
		return "start"
	}
	return "stop"
}

// Preflight tells why no unit could be started or stopped.
func (s Set) Preflight() error { return s.Host.HasCommand(systemctl) }
