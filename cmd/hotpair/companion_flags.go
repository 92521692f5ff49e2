package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/resources/endpoint"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

const (
	usualInterval   = 2 * time.Second
	longestInterval = time.Minute
	usualRise       = 2
)

// accompanying is what the daemon beside a linked node is told to do.
type accompanying struct {
	nodes, units         []string
	interval, unanswered patience
	rise                 wholeNumber
	wait, ca             string
	insecure             bool
}

func (f *accompanying) flags(s *pflag.FlagSet) {
	s.StringArrayVar(&f.nodes, "node", nil, "`URL` that tells whether the node is active; without a path XiVO's own is taken. Repeatable: other ways to the same node, asked in this order")
	s.StringArrayVar(&f.units, "unit", nil, "`NAME` of a systemd unit of this machine, such as nginx.service; repeatable")
	s.Var(&f.interval, "interval", "ask every `TIME`")
	s.Var(&f.rise, "rise", "start the units once the node was active `N` times in a row")
	s.StringVar(&f.wait, "wait", "", "start them only once `URL` answers with a status below 500")
	s.Var(&f.unanswered, "stop-unanswered", "stop them when the node has not answered for `TIME`; unless given, they stay as they are")
	s.StringVar(&f.ca, "ca", "", "trust the certificates in `FILE` (PEM) instead of the system's")
	s.BoolVar(&f.insecure, "insecure", false, "do not verify certificates: whoever is on the way can answer for the node")
}

// check refuses what makes no sense, and completes the URLs.
func (f *accompanying) check(c *cobra.Command) error {
	switch {
	case len(f.nodes) == 0:
		return usage(c, "--node is missing: name the URL that tells whether the node is active")
	case len(f.units) == 0:
		return usage(c, "--unit is missing: name a systemd unit of this machine, such as nginx.service")
	case f.insecure && f.ca != "":
		return usage(c, "--ca and --insecure exclude each other: the one says which certificates are trusted, the other trusts all")
	case time.Duration(f.interval) < time.Second || time.Duration(f.interval) > longestInterval:
		return usage(c, "--interval must be from 1s to %s", longestInterval)
	case c.Flags().Changed("stop-unanswered") && f.unanswered < f.interval:
		return usage(c, "--stop-unanswered must not be shorter than --interval; leave it out to have the units stay as they are")
	}
	for i, node := range f.nodes {
		u, err := pageURL(node)
		if err != nil {
			return usage(c, "--node %s", err)
		}
		if u.Path == "" || u.Path == "/" {
			u.Path = endpoint.StockPath
		}
		f.nodes[i] = u.String()
	}
	if f.wait != "" {
		if _, err := pageURL(f.wait); err != nil {
			return usage(c, "--wait %s", err)
		}
	}
	for _, unit := range f.units {
		if wrong := schema.CheckUnit(unit); wrong != "" {
			return fmt.Errorf("--unit: %s", strings.TrimSuffix(wrong, "."))
		}
	}
	return nil
}

// pageURL reads a URL that is got without credentials. What it cannot be is told
// without it, since it may hold a password.
func pageURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Opaque != "":
		return nil, errors.New("needs a URL such as https://xivo.example.org or http://10.0.0.1:9180/v1/ha")
	case u.User != nil:
		return nil, errors.New("holds a user or a password, which every user of this machine could read: leave them out, none is asked for")
	case u.Fragment != "":
		return nil, errors.New("has a part after #, which means nothing here: leave it out")
	}
	return u, nil
}

// plain are the nodes that are asked without encryption, over a network.
func (f *accompanying) plain() []string {
	return slices.DeleteFunc(slices.Clone(f.nodes), func(node string) bool {
		u, err := url.Parse(node)
		if err != nil || u.Scheme == "https" || u.Hostname() == "localhost" {
			return true
		}
		addr, err := netip.ParseAddr(u.Hostname())
		return err == nil && addr.IsLoopback()
	})
}

// trust is how certificates are verified.
func (f *accompanying) trust() (*tls.Config, error) {
	t := &tls.Config{InsecureSkipVerify: f.insecure} // as the operator chose
	if f.ca == "" {
		return t, nil
	}
	text, err := os.ReadFile(f.ca)
	if err != nil {
		return nil, fmt.Errorf("--ca: %w", err)
	}
	t.RootCAs = x509.NewCertPool()
	if !t.RootCAs.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("--ca: %s holds no certificate in PEM", f.ca)
	}
	return t, nil
}

// holdUnit keeps a second daemon from following for the same unit.
func holdUnit(ctx context.Context, h *host.Host, unit string) (*disk.Lock, error) {
	life, err := h.Lock(ctx, "/run/hotpair/companion-"+unit+".lock", disk.Holder{PID: os.Getpid(), Command: "hotpair companion", Since: time.Now()}, 0)
	var busy *disk.Busy
	if errors.As(err, &busy) {
		return nil, &exit{code: exitLocked, cause: busy}
	}
	return life, err
}
