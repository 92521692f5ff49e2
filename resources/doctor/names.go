package doctor

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// names looks up the node's own name, and those of ha.hcl.
func names(ctx context.Context, l *look) verdict {
	var amiss []string
	mend := ""
	own := l.hostname()
	for _, name := range append([]string{own}, l.written()...) {
		if _, err := netip.ParseAddr(name); name == "" || err == nil || l.resolves(ctx, name) {
			continue
		}
		amiss = append(amiss, name)
		if mend == "" {
			mend = "have a name server know it, or write it into /etc/hosts: " + fmt.Sprintf("`echo ADDRESS %s >>%s`", host.Quoted(name), host.Quoted(l.Node.Host.Host(hostsFile)))
		}
		if name == own {
			mend = fmt.Sprintf("`echo 127.0.1.1 %s >>%s`", host.Quoted(name), host.Quoted(l.Node.Host.Host(hostsFile)))
		}
	}
	if ctx.Err() != nil {
		return unknown(ctx.Err())
	}
	return either(named("nobody knows ", amiss), mend, "all resolve")
}

const hostsFile = "/etc/hosts"

func (l *look) hostname() string {
	if l.Node.Host.IsMachine() {
		name, err := os.Hostname()
		if err != nil {
			return ""
		}
		return name
	}
	text, err := l.Node.Host.Read("/etc/hostname")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// written are the host names of ha.hcl.
func (l *look) written() []string {
	c := l.Config
	list := slices.Clone(c.Endpoint.Names)
	urls := []schema.Secret{}
	if c.Provisioning.Enabled {
		urls = append(urls, c.Provisioning.URL, c.Provisioning.Auth.URL)
	}
	if c.Failover.HTTP.Enabled {
		urls = append(urls, c.Failover.HTTP.URL)
	}
	for _, text := range urls {
		if u, err := url.Parse(text.Reveal()); err == nil {
			list = append(list, u.Hostname())
		}
	}
	if config, err := pgx.ParseConfig(c.Database.URL.Reveal()); err == nil && c.Database.Enabled && !strings.HasPrefix(config.Host, "/") {
		list = append(list, config.Host)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// resolves tells whether a name has an address. A node below a root of its own
// has its own hosts(5), and no name server.
func (l *look) resolves(ctx context.Context, name string) bool {
	if l.Node.Host.IsMachine() {
		addresses, err := net.DefaultResolver.LookupHost(ctx, name)
		return err == nil && len(addresses) > 0
	}
	text, err := l.Node.Host.Read(hostsFile)
	if err != nil {
		return false
	}
	for scanner := bufio.NewScanner(bytes.NewReader(text)); scanner.Scan(); {
		line, _, _ := strings.Cut(scanner.Text(), "#")
		if fields := strings.Fields(line); len(fields) > 1 && slices.Contains(fields[1:], name) {
			return true
		}
	}
	return false
}
