package peer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// Check is one thing that was looked at, end to end.
type Check struct {
	Name string `json:"check"`
	OK   bool   `json:"ok"`
	Text string `json:"text"` // what was found; where it is not well, what to do

	Found, Mend string `json:"-"` // the two parts of Text
}

// Expected is what a master expects of its peer. What is empty is not checked.
type Expected struct {
	Hotpair         string
	Own             []netip.Addr // the master's addresses
	Database, Files bool         // whether either is replicated
}

const (
	clockLimit   = time.Minute
	requestLimit = 20 * time.Second
)

// Check looks at everything that replication needs of the peer. It stops where
// the peer does not answer.
func (l *Link) Check(ctx context.Context, want Expected) []Check {
	s, err := l.State(ctx)
	if err != nil {
		return []Check{result("state", "", err)}
	}
	checks := append([]Check{result("state", "the peer answers", nil)}, s.Compare(want)...)
	if s.Refuses() != nil {
		return checks
	}
	if want.Database {
		checks = append(checks, result("database", "the peer's PostgreSQL answers", l.AskDatabase(ctx)))
	}
	if want.Files {
		checks = append(checks, result("rsync", "the peer's rsync answers", l.AskRsync(ctx)))
	}
	return checks
}

func result(name, well string, err error) Check {
	if err != nil {
		return Check{Name: name, Text: err.Error(), Found: err.Error()}
	}
	return Check{Name: name, OK: true, Text: well, Found: well}
}

// The names of what a state is held against.
const (
	RoleCheck    = "role"
	PassiveCheck = "passive"
	PeerCheck    = "peer"
	ClockCheck   = "clock"
	VersionCheck = "version"
)

// Compare holds the peer's state against what is expected.
func (s State) Compare(want Expected) []Check {
	checks := s.fitness(want.Own)
	if want.Hotpair == "" {
		return checks
	}
	if s.Hotpair == want.Hotpair {
		return append(checks, result(VersionCheck, "both have hotpair "+s.Hotpair, nil))
	}
	return append(checks, ill(VersionCheck, fmt.Sprintf("it has hotpair %s, this node has %s", host.Printable(s.Hotpair), want.Hotpair), "install the same version"))
}

// fitness is what the peer must be to be written.
func (s State) fitness(own []netip.Addr) []Check {
	var checks []Check
	add := func(ok bool, well string, c Check) {
		if ok {
			c = result(c.Name, well, nil)
		}
		checks = append(checks, c)
	}
	add(s.Role == slave, "the peer is slave", ill(RoleCheck, "the peer is "+host.Printable(s.Role), "write role = \"slave\" in its ha.hcl and run `hotpair apply` there"))
	if s.Role == slave {
		add(!s.Active, "its services are passive", ill(PassiveCheck, "its services are active, so that nothing is copied to it", "stop them there with `hotpair apply` or, after a takeover, with `hotpair failback`"))
	}
	if len(own) > 0 {
		add(slices.Contains(own, s.Peer), "it names this node as its peer", ill(PeerCheck, fmt.Sprintf("it names %s as its peer, which is no address of this node", s.Peer), "correct peer.address in its ha.hcl"))
	}
	apart := time.Since(s.Now).Abs().Round(time.Second)
	add(apart < clockLimit, "the clocks agree", ill(ClockCheck, fmt.Sprintf("the clocks are %s apart", apart), "have both nodes follow a time server"))
	return checks
}

// ill is a check of something that is to be mended.
func ill(name, found, mend string) Check {
	return Check{Name: name, Text: found + ": " + mend, Found: found, Mend: mend}
}

// AskDatabase asks PostgreSQL whether it speaks TLS, which any version answers
// with one letter, before anybody has logged in (PostgreSQL's documentation,
// "Message Formats", SSLRequest).
func (l *Link) AskDatabase(ctx context.Context) error {
	c, _, err := l.Database(ctx)
	if err != nil {
		return err
	}
	answer, err := ask(c, "\x00\x00\x00\x08\x04\xd2\x16\x2f", 1)
	if err == nil && answer != "N" && answer != "S" {
		err = errors.New("what answers is not PostgreSQL")
	}
	if err != nil {
		return l.asking("its database", err)
	}
	return nil
}

// AskRsync starts rsync there, which begins with its protocol's version.
func (l *Link) AskRsync(ctx context.Context) error {
	c, err := l.Open(ctx, "rsync --server -logDtprRe.iLsfxCIvu . /")
	if err == nil {
		_, err = ask(c, "", 4)
	}
	if err != nil {
		return l.asking("rsync", err)
	}
	return nil
}

// ask writes a question, reads an answer of so many bytes, and closes.
func ask(c net.Conn, question string, size int) (string, error) {
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(requestLimit)); err != nil {
		return "", err
	}
	if _, err := io.WriteString(c, question); err != nil {
		return "", err
	}
	answer := make([]byte, size)
	_, err := io.ReadFull(c, answer)
	return string(answer), err
}

// Unfit tells why a peer in this state must not be written by a node of these
// addresses; nil: it may. Nodes whose versions of hotpair differ understand each
// other while a pair is upgraded.
func (s State) Unfit(own []netip.Addr) error {
	for _, c := range s.fitness(own) {
		if !c.OK {
			return fmt.Errorf("the peer is not fit to be written: %s", c.Text)
		}
	}
	return nil
}
