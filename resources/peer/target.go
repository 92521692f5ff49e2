package peer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"path"
	"strconv"
	"strings"

	"github.com/hotpair/hotpair/resources/host"
)

// The node's files of this channel.
const (
	Identity   = "/root/.ssh/hotpair_ed25519"
	KnownHosts = "/var/lib/hotpair/known_hosts"

	socketDir = "/run/hotpair"
	dialLock  = socketDir + "/ssh.lock"
)

// The programs are this machine's, also for a node in a sandbox: they make the
// connection and are no part of what is kept.
const (
	sshProgram     = "/usr/bin/ssh"
	keygenProgram  = "/usr/bin/ssh-keygen"
	keyscanProgram = "/usr/bin/ssh-keyscan"
)

// Programs lists those that the channel needs.
func Programs() []string { return []string{sshProgram, keygenProgram, keyscanProgram} }

// alias is the name that the pinned key is kept under, so that it stays the
// peer's when the peer's address changes.
const alias = "hotpair-peer"

// Target is how the peer is reached.
type Target struct {
	Address netip.Addr
	Port    int
	HostKey string     // "type base64", pinned
	Host    *host.Host // this node: where the key, known_hosts and the control socket are
}

// host is the peer as rsync and ssh name it in front of a path.
func (t Target) host() string {
	if t.Address.Is6() {
		return "root@[" + t.Address.String() + "]"
	}
	return "root@" + t.Address.String()
}

// destination is the peer as an argument of ssh.
func (t Target) destination() string { return "root@" + t.Address.String() }

// check tells what is missing before anything is tried.
func (t Target) check() error {
	switch {
	case !t.Address.IsValid():
		return errors.New("ha.hcl names no peer: write peer { address = \"…\" }")
	case t.HostKey == "":
		return errors.New("no host key of the peer is pinned in ha.hcl: run `hotpair init`")
	case len(strings.Fields(t.HostKey)) != 2:
		return errors.New("peer.ssh.host_key is no host key: run `hotpair init`")
	}
	return t.checkRoot()
}

// longest is what a socket's path may have: ssh makes it under a name that is
// 17 bytes longer first.
const longest = 107 - 17

func (t Target) checkRoot() error {
	root := t.Host.Host("/")
	if !plain(root) {
		return fmt.Errorf("the root %s holds characters that ssh or rsync would read as something else: use letters, digits, / . _ and -", root)
	}
	if len(t.socket()) > longest {
		return fmt.Errorf("the root %s is too long for the path of a socket: use a shorter one", root)
	}
	return nil
}

// plain tells whether no program reads anything but itself in a path.
func plain(path string) bool {
	return !strings.ContainsFunc(path, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/._-", r))
	})
}

// socket is where the connection to this very target is kept, by its path on
// this machine: another address or key has another one.
func (t Target) socket() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %s", t.Address, t.Port, t.HostKey))
	return t.Host.Host(socketDir + "/ssh-" + hex.EncodeToString(sum[:4]))
}

// pin writes known_hosts with exactly the pinned key.
func (t Target) pin() error {
	text := []byte(alias + " " + t.HostKey + "\n")
	if old, err := t.Host.Read(KnownHosts); err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := t.Host.MakeDir(path.Dir(KnownHosts), 0o755); err != nil {
		return err
	}
	return t.Host.Write(KnownHosts, text, 0o644)
}

// hasKey tells why our own key cannot be used.
func (t Target) hasKey() error {
	there, err := t.Host.Exists(Identity)
	if err == nil && !there {
		err = fmt.Errorf("%s: %w: run `hotpair init`", t.Host.Host(Identity), fs.ErrNotExist)
	}
	return err
}

// pinned are the options that let ssh take the pinned key and no other.
func (t Target) pinned() []string {
	return options(
		"StrictHostKeyChecking=yes", "UserKnownHostsFile="+t.Host.Host(KnownHosts), "GlobalKnownHostsFile=/dev/null",
		"HostKeyAlias="+alias, "HostKeyAlgorithms="+algorithms(t.HostKey), "CheckHostIP=no", "UpdateHostKeys=no",
		"ClearAllForwardings=yes", "ForwardAgent=no", "ForwardX11=no", "Tunnel=no", "PermitLocalCommand=no", "RequestTTY=no",
		"ConnectTimeout=10", "ServerAliveInterval=5", "ServerAliveCountMax=3", "LogLevel=INFO",
	)
}

// own are all options of a connection with our own key.
func (t Target) own() []string {
	args := []string{"-F", "/dev/null", "-p", strconv.Itoa(t.Port)}
	args = append(args, options(
		"BatchMode=yes", "IdentitiesOnly=yes", "IdentityFile="+t.Host.Host(Identity), "IdentityAgent=none",
		"PreferredAuthentications=publickey", "PasswordAuthentication=no", "KbdInteractiveAuthentication=no",
		"ProxyCommand=none", "ControlPersist=no", "EscapeChar=none",
	)...)
	return append(args, t.pinned()...)
}

func options(list ...string) []string {
	var args []string
	for _, o := range list {
		args = append(args, "-o", o)
	}
	return args
}

// algorithms are the signatures that a key of the pinned type makes; ssh-rsa as
// a signature is SHA-1 (RFC 8332).
func algorithms(hostKey string) string {
	kind, _, _ := strings.Cut(hostKey, " ")
	if kind == "ssh-rsa" {
		return "rsa-sha2-512,rsa-sha2-256"
	}
	return kind
}
