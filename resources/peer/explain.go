package peer

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNotAdmitted is the error of a peer that does not know our key.
var ErrNotAdmitted = errors.New("the peer does not admit our key: run `hotpair init`")

// ErrUnreached is part of the error of a peer with which there is no connection
// at the moment: it is down, or what lies between.
var ErrUnreached = errors.New("see that it is up, that sshd runs there on the port of peer.ssh.port, and that its firewall lets SSH in")

var (
	errSilent    = fmt.Errorf("it accepts the connection and then says nothing: %w", ErrUnreached)
	errNoHotpair = errors.New("the peer has no hotpair where our key's line says: install it there, then run `hotpair init`")
)

// refusal begins the line by which the far end refuses.
const refusal = "hotpair peer: "

// errAdministrator is the error of a peer that knows none of the
// administrator's keys either.
var errAdministrator = errors.New("it admits none of your own keys, and no password was given")

// explain says what to do about the end of ssh, by what it wrote. Its messages
// are not translated.
func explain(lines []string) error { return explainFor(lines, ErrNotAdmitted) }

func explainFor(lines []string, notAdmitted error) error {
	text := strings.Join(lines, "\n")
	has := func(part string) bool { return strings.Contains(text, part) }
	for _, line := range lines {
		if _, why, refused := strings.Cut(line, refusal); refused {
			return errors.New("the peer refuses: " + why)
		}
	}
	switch {
	case has("Host key verification failed"), has("no matching host key type found"):
		return otherKey(text)
	case has("Permission denied"):
		return notAdmitted
	case has("Connection refused"):
		return fmt.Errorf("connection refused: %w", ErrUnreached)
	case has("timed out"):
		return fmt.Errorf("no answer: %w", ErrUnreached)
	case has("No route to host"), has("Network is unreachable"):
		return fmt.Errorf("there is no way to it: %w", ErrUnreached)
	case has("kex_exchange_identification"), has("banner exchange"):
		return errors.New("what answers is no SSH server, or sends us away: see peer.ssh.port (" + last(lines) + ")")
	case has("command not found"), has("not found"), has("No such file or directory"):
		return errNoHotpair
	case text == "":
		return fmt.Errorf("the connection broke off: %w", ErrUnreached)
	}
	return errors.New(last(lines))
}

func last(lines []string) string { return lines[len(lines)-1] }

// otherKey names the fingerprint that ssh saw, where it says it.
func otherKey(text string) error {
	seen := "one of another type"
	if _, after, there := strings.Cut(text, "SHA256:"); there {
		print, _, _ := strings.Cut(after, "\n")
		seen = "SHA256:" + strings.TrimSuffix(print, ".")
	}
	return fmt.Errorf("the peer shows another host key than the pinned one: %s. Either somebody stands in between, or the peer was reinstalled: compare on the peer, then change peer.ssh.host_key in ha.hcl", seen)
}
