package peer

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"os/exec"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hotpair/hotpair/resources/host"
)

// OwnKey is the public half of the node's own key, as PublicKey gives it; "":
// there is none.
func OwnKey(h *host.Host) (string, error) {
	private, err := h.Exists(Identity)
	if err != nil || !private {
		return "", err
	}
	text, err := h.Read(Identity + ".pub")
	if err != nil {
		return "", fmt.Errorf("%w: `ssh-keygen -y -f %s` prints it again", err, h.Host(Identity))
	}
	key, err := PublicKey(text)
	if err != nil {
		return "", fmt.Errorf("reading %s.pub: %w", Identity, err)
	}
	return key, nil
}

// MakeKey makes the node's own key. One that is there is never overwritten.
func MakeKey(ctx context.Context, h *host.Host) error {
	if there, err := h.Exists(Identity); err != nil || there {
		return err
	}
	if err := h.MakeDir(path.Dir(Identity), 0o700); err != nil {
		return err
	}
	return machine(func(m *host.Host) error {
		return m.Run(ctx, keygenProgram, "-q", "-t", "ed25519", "-N", "", "-C", keyComment, "-f", h.Host(Identity))
	})
}

// RemoveKey removes the node's own key and what it keeps of the peer's.
func RemoveKey(h *host.Host) error {
	return errors.Join(h.Remove(Identity), h.Remove(Identity+".pub"), h.Remove(KnownHosts))
}

// Left lists what RemoveKey would remove.
func Left(h *host.Host) ([]string, error) {
	var left []string
	for _, name := range []string{Identity, Identity + ".pub", KnownHosts} {
		there, err := h.Exists(name)
		if err != nil {
			return nil, err
		}
		if there {
			left = append(left, name)
		}
	}
	return left, nil
}

// Scan asks an SSH server for its host keys, "type base64", the one that
// OpenSSH prefers first.
func Scan(ctx context.Context, address netip.Addr, port int) (keys []string, err error) {
	err = machine(func(m *host.Host) error {
		out, err := m.Output(ctx, keyscanProgram, "-T", "10", "-p", strconv.Itoa(port), "-t", "ed25519,ecdsa,rsa", address.String())
		if keys = scanned(out); len(keys) > 0 {
			return nil // a type that the server has not is an error of ssh-keyscan's
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var ended *exec.ExitError
		if err == nil || errors.As(err, &ended) {
			err = fmt.Errorf("no SSH server answers at %s, port %d: see that sshd runs there, that no firewall is between, and that peer.ssh.port is right", address, port)
		}
		return err
	})
	return keys, err
}

// scanned reads what ssh-keyscan printed: lines of host, type and key.
func scanned(out string) []string {
	order := []string{"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"}
	var keys []string
	for line := range strings.Lines(out) {
		if fields := strings.Fields(line); len(fields) == 3 && slices.Contains(order, fields[1]) {
			keys = append(keys, fields[1]+" "+fields[2])
		}
	}
	slices.SortStableFunc(keys, func(a, b string) int {
		return slices.Index(order, strings.Fields(a)[0]) - slices.Index(order, strings.Fields(b)[0])
	})
	return keys
}

// Known is the host key that this node took the peer by before; "": none.
func Known(h *host.Host) string {
	text, err := h.Read(KnownHosts)
	fields := strings.Fields(string(text))
	if err != nil || len(fields) != 3 || fields[0] != alias {
		return ""
	}
	return fields[1] + " " + fields[2]
}

// Fingerprint is a key's, as ssh-keygen -l prints it.
func Fingerprint(hostKey string) string {
	_, encoded, _ := strings.Cut(hostKey, " ")
	blob, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return "not a key"
	}
	sum := sha256.Sum256(blob)
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}

// KeyFile is where sshd keeps a host key of this type, public half.
func KeyFile(hostKey string) string {
	kind := strings.TrimPrefix(strings.TrimSuffix(strings.Fields(hostKey + " ?")[0], "@openssh.com"), "ssh-")
	if strings.HasPrefix(kind, "ecdsa") {
		kind = "ecdsa"
	}
	return "/etc/ssh/ssh_host_" + kind + "_key.pub"
}

// machine runs programs of this machine.
func machine(do func(m *host.Host) error) error {
	m, err := host.Open("/")
	if err != nil {
		return err
	}
	defer m.Close()
	return do(m)
}
