package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/drill"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/pattern"
	"github.com/hotpair/hotpair/schema"
)

// drillLock is held by the one drill that goes on.
const drillLock = "/run/hotpair/drill.lock"

// mostDrillPhones keeps a drill from being a load test.
const mostDrillPhones = 200

// longestPassword is more than anybody types, in bytes.
const longestPassword = 1024

// Names that need no escaping in a SIP URI and in a quoted string (RFC 3261
// §25.1).
var (
	userShape   = pattern.Lazy(`^[A-Za-z0-9._+~-]{1,64}$`)
	domainShape = pattern.Lazy(`^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])$`)
)

// check refuses what makes no drill.
func (d *drilling) check(c *cobra.Command) error {
	switch {
	case d.phones > mostDrillPhones:
		return usage(c, "--phones \"%d\" is more than the %d that a drill registers", d.phones, mostDrillPhones)
	case (d.user == "") != (d.passwordFile == ""):
		return usage(c, "--user and --password-file go together")
	case d.user != "" && !userShape().MatchString(d.user):
		return usage(c, "--user %q is not a name of letters, digits and . _ + ~ -", d.user)
	case d.domain != "" && !domainShape().MatchString(d.domain):
		return usage(c, "--domain %q is neither a host name nor an address", d.domain)
	}
	for _, t := range []struct {
		name        string
		value       patience
		least, most time.Duration
	}{
		{"expiry", d.expiry, time.Second, time.Hour}, {"timer-f", d.timerF, time.Second, 5 * time.Minute},
		{"hold", d.hold, 0, time.Hour}, {"limit", d.limit, time.Second, time.Hour},
	} {
		if v := time.Duration(t.value); v < t.least || v > t.most {
			return usage(c, "--%s %q is not between %s and %s", t.name, v, resources.Span(t.least), resources.Span(t.most))
		}
	}
	return nil
}

// options are what phones are like.
func (d *drilling) options(cfg *schema.Config, h *host.Host) (drill.Options, error) {
	o := drill.Options{Phones: int(d.phones), User: d.user, Domain: d.domain, Expiry: time.Duration(d.expiry), TimerF: time.Duration(d.timerF)}
	var err error
	if o.Servers, err = resources.SIPServers(cfg); err != nil || d.user == "" {
		return o, err
	}
	password, err := readPassword(h, d.passwordFile)
	o.Password = func() string { return password }
	return o, err
}

// readPassword reads the first line of a file of the node's that nobody else may
// read. It is in no error.
func readPassword(h *host.Host, name string) (string, error) {
	text, err := h.ReadGuarded(name)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(h.Host(name)); err == nil && info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("reading %s: others than its owner can read it: run `chmod 600 %[1]s` first", name)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" || len(line) > longestPassword {
		return "", fmt.Errorf("reading %s: its first line holds no password", name)
	}
	return line, nil
}

// alone takes the lock of the one drill.
func (o *ordered) alone(ctx context.Context) (*disk.Lock, error) {
	lock, err := o.host.Lock(ctx, drillLock, disk.Holder{PID: os.Getpid(), Command: "hotpair drill", Since: time.Now()}, 0)
	if busy, is := errors.AsType[*disk.Busy](err); is {
		return nil, &exit{code: exitLocked, cause: busy}
	}
	return lock, err
}
