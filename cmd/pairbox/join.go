package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/sshd"
	"github.com/hotpair/hotpair/resources/peer"
)

// join lets the master reach the standby: by an sshd with the files where a
// standby has them, and by rsync. It takes root, who is who logs in.
func (p *pair) join(ctx context.Context) error {
	for _, n := range []node{p.master, p.standby} {
		if err := n.share(); err != nil {
			return err
		}
	}
	port, err := freePort(standbyAddress)
	if err != nil {
		return err
	}
	dir := filepath.Join(p.standby.dir, "etc/ssh")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	_, err = os.Stat(sshd.RunDir)
	p.runDir = errors.Is(err, fs.ErrNotExist)
	p.ssh, err = sshd.Start(ctx, sshd.Options{
		Dir: dir, Address: netip.AddrPortFrom(netip.MustParseAddr(standbyAddress), port),
		AuthorizedKeys: filepath.Join(p.standby.dir, peer.AuthorizedKeys),
	})
	if err != nil {
		return fmt.Errorf("starting sshd: %w", err)
	}
	return p.master.write("etc/hotpair/ha.d/ssh.hcl", fmt.Sprintf("peer {\n  ssh {\n    port = %d\n  }\n}\n", port))
}

// part ends what join started, and removes what it made outside the box.
func (p pair) part() {
	if p.ssh != nil {
		_ = p.ssh.Close() // its files go with the box
	}
	if p.runDir {
		_ = os.Remove(sshd.RunDir) // another sshd may have taken it
	}
}

// share makes the directories that follow the master, and lets the node have
// this machine's rsync.
func (n node) share() error {
	for _, dir := range []string{
		"etc/asterisk/extensions_extra.d", "etc/xivo/asterisk", "root/.config/wazo-auth-cli",
		"var/lib/asterisk/agi-bin", mohDir, "var/lib/wazo/sounds/tenants",
	} {
		if err := os.MkdirAll(filepath.Join(n.dir, dir), 0o755); err != nil {
			return err
		}
	}
	// Both nodes got this file at the same time.
	then := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return errors.Join(
		os.Chtimes(filepath.Join(n.dir, keyFile), then, then),
		os.Symlink("/usr/bin/rsync", filepath.Join(n.dir, "usr/bin/rsync")),
	)
}

const mohDir = "var/lib/asterisk/moh"

// freePort is one that nobody listens on.
func freePort(address string) (uint16, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).AddrPort().Port(), l.Close()
}
