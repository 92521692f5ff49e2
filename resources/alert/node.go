package alert

import (
	"fmt"
	"time"

	"github.com/hotpair/hotpair/reconcile/alert"
	"github.com/hotpair/hotpair/resources/alert/deliver"
)

// Node is who tells.
type Node struct{ Name, Role, Peer string }

// message is what is said of a condition.
func (n Node) message(m alert.Message, now time.Time) deliver.Message {
	c := m.Condition
	text, title, do := c.Text, c.Title, c.Do
	if m.Event == alert.Clear {
		text, title, do = fmt.Sprintf("It was: %s. %s", c.Title, c.Text), c.Over, ""
	}
	return deliver.Message{
		ID: fmt.Sprintf("%s/%s/%d", n.Name, c.Key(), c.Since.Unix()), Event: string(m.Event), Condition: c.Code, Of: c.Of,
		Title: title, Text: text, Do: do, Node: n.Name, Role: n.Role, Peer: n.Peer,
		Since: c.Since.UTC().Truncate(time.Second), Ended: m.Ended.UTC().Truncate(time.Second), At: now.UTC().Truncate(time.Second),
	}.Clean()
}

// Test is a message that says that it is none.
func (n Node) Test(now time.Time) deliver.Message {
	return n.message(alert.Message{Event: alert.Test, Condition: alert.Condition{Code: string(alert.Test), Since: now,
		Title: "alerts from here arrive", Text: "This is a test: nothing is wrong. It was sent by `hotpair alert test`."}}, now)
}
