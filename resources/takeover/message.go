package takeover

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// message is what one node's hotpair tells the other's, as JSON on one line.
type message struct {
	failover.Report
	Decides    bool      `json:"decides"`             // its daemon runs
	Replicated time.Time `json:"replicated,omitzero"` // to the standby, well
	Now        time.Time `json:"now,omitzero"`        // the sender's clock
}

// errLate is a report that nobody answered.
var errLate = fmt.Errorf("no answer within %s; it is tried again and again", answerIn)

// errNoReport is what answers without being hotpair's report.
var errNoReport = errors.New("what came is not a report of hotpair: see that both nodes run the same version")

// parse reads a message, and refuses what no hotpair says.
func parse(line []byte) (m message, err error) {
	if json.Unmarshal(line, &m) != nil || !m.sound() {
		return message{}, errNoReport
	}
	return m, nil
}

func (m message) sound() bool {
	answers := []failover.Answer{failover.Unknown, failover.Alive, failover.Busy, failover.Silent}
	asks := []failover.Ask{failover.Nothing, failover.StandDown, failover.HandOver, failover.Return}
	return slices.Contains(answers, m.SIP) && slices.Contains(asks, m.Asks)
}
