package files

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/pattern"
)

var (
	// ErrBroken is that the link to the peer ended before the work did.
	ErrBroken = errors.New("the connection to the peer broke")

	errMaxDelete = errors.New("rsync stopped deleting")
)

var complaint = pattern.Lazy(`^rsync: (?:\[(\w+)\] )?.*?"(.+)"(?: \(in .*\))?(?: failed)?: (.+?) \(\d+\)$`)

// complaints are what rsync and the shell below it wrote on standard error.
type complaints struct {
	inside func(string) string // a path of this machine as the node names it
	files  []string            // "PATH: REASON on the peer"
	first  string
}

// add takes a line such as
//
//	rsync: [receiver] write failed on "/srv/a": No space left on device (28)
//
// Versions before 3.2 do not say on which side it was.
func (c *complaints) add(line string) {
	const most = 1000
	match := complaint().FindStringSubmatch(line)
	switch {
	case match != nil && len(c.files) < most:
		name, where := unescape(match[2]), ""
		switch match[1] {
		case "":
		case "sender":
			name, where = c.inside(name), " on this node"
		default:
			where = " on the peer"
		}
		c.files = append(c.files, fmt.Sprintf("%s: %s%s", printable(name), strings.ToLower(match[3]), where))
	case c.first == "" && strings.TrimSpace(line) != "":
		c.first = host.Printable(line)
	}
}

// printable is a name for a message.
func printable(name string) string { return host.Printable(strings.ToValidUTF8(name, "\uFFFD")) }

// failure is what an exit code means (rsync(1), EXIT VALUES), told by what went
// wrong first. That files vanished is none: the next run sees.
func (c *complaints) failure(code int) error {
	const vanished, maxDelete = 24, 25
	switch {
	case code == vanished:
		return nil
	case code == maxDelete:
		return errMaxDelete
	case len(c.files) > 0:
		return errors.New(shorten(c.files))
	case broken(code):
		return fmt.Errorf("%w: %s", ErrBroken, c.first)
	}
	return fmt.Errorf("rsync ended with %d: %s", code, c.first)
}

// broken tells the codes of a link that ended: socket and stream errors, a crash or
// signal of the other side, timeouts, and the shell's own, ssh(1)'s above all.
func broken(code int) bool {
	switch code {
	case 10, 12, 14, 15, 16, 20, 30, 35, 124, 125, 126, 127, 255:
		return true
	}
	return false
}
