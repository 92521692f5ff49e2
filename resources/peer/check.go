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
)

// Check is one thing that was looked at, end to end.
type Check struct {
	Name string `json:"check"`
	OK   bool   `json:"ok"`
	Text string `json:"text"` // what was found; where it is not well, what to do
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
		return []Check{{"state", false, err.Error()}}
	}
	checks := append([]Check{{"state", true, "the peer answers"}}, s.compare(want.Own)...)
	checks = append(checks, Check{"version", s.Hotpair == want.Hotpair, pick(s.Hotpair == want.Hotpair, "both have hotpair "+s.Hotpair,
		fmt.Sprintf("it has hotpair %s, this node has %s: install the same version", s.Hotpair, want.Hotpair))})
	if s.Refuses() != nil {
		return checks
	}
	if want.Database {
		checks = append(checks, result("database", "the peer's PostgreSQL answers", l.askDatabase(ctx)))
	}
	if want.Files {
		checks = append(checks, result("rsync", "the peer's rsync answers", l.askRsync(ctx)))
	}
	return checks
}

func result(name, well string, err error) Check {
	if err != nil {
		return Check{name, false, err.Error()}
	}
	return Check{name, true, well}
}

// compare holds the peer's state against what is expected.
func (s State) compare(own []netip.Addr) []Check {
	var checks []Check
	add := func(name string, ok bool, well, ill string) {
		checks = append(checks, Check{name, ok, pick(ok, well, ill)})
	}
	add("role", s.Role == slave, "the peer is slave", fmt.Sprintf("the peer is %s: write role = \"slave\" in its ha.hcl and run `hotpair apply` there", s.Role))
	if s.Role == slave {
		add("passive", !s.Active, "its services are passive", "its services are active: nothing is copied to it until they are stopped, as `hotpair apply` does there")
	}
	if len(own) > 0 {
		add("peer", slices.Contains(own, s.Peer), "it names this node as its peer", fmt.Sprintf("it names %s as its peer, which is no address of this node: correct peer.address in its ha.hcl", s.Peer))
	}
	apart := time.Since(s.Now).Abs().Round(time.Second)
	add("clock", apart < clockLimit, "the clocks agree", fmt.Sprintf("the clocks are %s apart: have both nodes follow a time server", apart))
	return checks
}

func pick(ok bool, well, ill string) string {
	if ok {
		return well
	}
	return ill
}

// askDatabase asks PostgreSQL whether it speaks TLS, which any version answers
// with one letter, before anybody has logged in (PostgreSQL's documentation,
// "Message Formats", SSLRequest).
func (l *Link) askDatabase(ctx context.Context) error {
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

// askRsync starts rsync there, which begins with its protocol's version.
func (l *Link) askRsync(ctx context.Context) error {
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
	for _, c := range s.compare(own) {
		if !c.OK {
			return fmt.Errorf("the peer is not fit to be written: %s", c.Text)
		}
	}
	return nil
}
