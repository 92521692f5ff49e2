package peer

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"time"
)

// The roles of a node, as ha.hcl and ha.conf name them.
const slave = "slave"

// State is what a node tells its peer, as JSON on one line.
type State struct {
	Hotpair string     `json:"hotpair"` // version of hotpair
	Role    string     `json:"role"`    // as ha.hcl says: master, slave, disabled
	Peer    netip.Addr `json:"peer"`    // whom its ha.hcl names as its peer
	Active  bool       `json:"active"`  // its services may be serving calls
	// PassiveSince is when the file that disables the services was last
	// changed; zero: the node is active, or it is not known.
	PassiveSince time.Time `json:"passive_since,omitzero"`
	Now          time.Time `json:"now"`         // its clock
	Directories  []string  `json:"directories"` // those that its ha.hcl lets the peer write
}

// Refuses tells why a node in this state takes no data; nil: it does.
func (s State) Refuses() error {
	switch {
	case s.Role != slave:
		return fmt.Errorf("this node is %s, not slave: it takes no data from another one", s.Role)
	case s.Active:
		return errors.New("this node is active: it may be serving calls, so that nothing here is overwritten")
	}
	return nil
}

// errBecame is what ends a request that was begun while the node was passive.
var errBecame = errors.New("this node was passive and is not any more: nothing here is overwritten")

// line is the state as it is sent.
func (s State) line() ([]byte, error) {
	text, err := json.Marshal(s)
	return append(text, '\n'), err
}

// errStranger is what answers without being hotpair.
var errStranger = errors.New("what answers is not hotpair's state: see that hotpair is installed there and that our key's line is the one that `hotpair authorize` writes")

// readState understands an answer.
func readState(line []byte) (State, error) {
	var s State
	if err := json.Unmarshal(line, &s); err != nil || s.Hotpair == "" || s.Role == "" {
		return State{}, errStranger
	}
	return s, nil
}
