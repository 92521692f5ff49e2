package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/peer"
)

const rsync = "/usr/bin/rsync"

// programs looks for what hotpair starts. ssh is this machine's, also for a node
// in a sandbox.
func programs(_ context.Context, l *look) verdict {
	h, t := l.Node.Host, l.Config.Platform.Telephony
	var lacking, packages []string
	if l.Config.Replication.Files && h.HasCommand(rsync) != nil {
		lacking, packages = append(lacking, rsync), append(packages, "rsync")
	}
	for _, program := range peer.Programs() {
		if _, err := os.Stat(program); err != nil && !l.byStock() {
			lacking, packages = append(lacking, program), append(packages, "openssh-client")
		}
	}
	for _, program := range []string{t.Manage, t.Service} {
		if program != "" && h.HasCommand(program) != nil {
			lacking = append(lacking, program)
		}
	}
	mend := "install the platform's package that has them, or correct platform in ha.hcl"
	if len(packages) > 0 {
		slices.Sort(packages)
		mend = "`apt-get install -y " + strings.Join(slices.Compact(packages), " ") + "`"
	}
	if len(lacking) > 0 {
		return toMend(mend, "not on this node: %s", strings.Join(lacking, ", "))
	}
	return well("ssh, rsync and the platform's scripts are there")
}

// secrets are the files of hotpair's own directory that are root's alone.
func secrets() []string {
	return []string{"ledger.json", "accepted.json", "replication.json", "history.jsonl", "failover.json", "resync.json", "services.json", "kept"}
}

// modes are files that are not as they should be, by what mends them.
type modes struct {
	h                       *host.Host
	foreign, readable, open []string
}

// see looks at one file; a secret one is its owner's alone, others no one else may
// write.
func (m *modes) see(name string, secret bool) error {
	info, err := os.Lstat(m.h.Host(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	full := m.h.Host(name)
	if stat, is := info.Sys().(*syscall.Stat_t); is && int(stat.Uid) != os.Geteuid() {
		m.foreign = append(m.foreign, full)
	}
	switch mode := info.Mode(); {
	case mode.Type() == fs.ModeSymlink:
	case secret && mode.Perm()&0o077 != 0:
		m.readable = append(m.readable, full)
	case mode.Perm()&0o022 != 0:
		m.open = append(m.open, full)
	}
	return nil
}

func fileModes(_ context.Context, l *look) verdict {
	m := &modes{h: l.Node.Host}
	own := path.Dir(reconcile.LedgerPath)
	names, err := m.h.List(own)
	errs := []error{err, m.see("/root", false), m.see(path.Dir(peer.Identity), false), m.see(peer.AuthorizedKeys, false), m.see(peer.Identity, true), m.see(own, false),
		m.see("/etc/hotpair", false), m.see("/etc/hotpair/ha.hcl", false), m.see("/etc/hotpair/ha.d", false)}
	for _, name := range names {
		errs = append(errs, m.see(path.Join(own, name), slices.Contains(secrets(), name)))
	}
	if err := errors.Join(errs...); err != nil {
		return unknown(err)
	}
	return m.verdict()
}

func (m *modes) verdict() verdict {
	var says, commands []string
	for _, kind := range []struct {
		files      []string
		says, mend string
	}{
		{m.foreign, "owned by somebody else", fmt.Sprintf("chown %d", os.Geteuid())},
		{m.readable, "can be read by others", "chmod go-rwx"},
		{m.open, "can be written by others", "chmod go-w"},
	} {
		if len(kind.files) == 0 {
			continue
		}
		command := kind.mend
		for _, file := range kind.files {
			command += " " + host.Quoted(file)
		}
		says, commands = append(says, kind.says+": "+strings.Join(kind.files, ", ")), append(commands, command)
	}
	return either(says, "`"+strings.Join(commands, " && ")+"`", "hotpair's key and files are their owner's alone")
}

func hostKey(_ context.Context, l *look) verdict {
	key := l.Config.Peer.SSH.HostKey
	switch {
	case key != "":
		return well("%s is pinned", peer.Fingerprint(key))
	case l.byStock():
		return skipped("the stock scripts check no host key; hotpair's own replication does")
	}
	return toMend("run `hotpair init`, and put the lines that it prints into the block peer of ha.hcl", "no host key of the peer is pinned in ha.hcl")
}

// admission looks for the line of authorized_keys that lets the master in.
func admission(_ context.Context, l *look) verdict {
	if l.byStock() {
		return skipped("the stock scripts have a key of their own")
	}
	from, admitted, err := peer.Admitted(l.Node.Host)
	const mend = "run `hotpair init` on the master"
	switch {
	case err != nil:
		return unknown(err)
	case !admitted:
		return toMend(mend, "%s admits no key of hotpair's", peer.AuthorizedKeys)
	case from != l.Config.Peer.Address && l.Node.Host.IsMachine():
		return toMend(mend, "the master's key is taken from %s, and ha.hcl names %s as the master", from, l.Config.Peer.Address)
	}
	return well("the master's key is taken from %s, for `hotpair peer` alone", from)
}
