package deliver

import (
	"context"
	"encoding/json"

	"github.com/hotpair/hotpair/resources/host"
)

// Command runs a program of the node's, without a shell, with the message as JSON
// on its standard input.
type Command struct {
	Host      *host.Host
	Arguments []string // the program first
}

func (c Command) String() string { return "command " + c.Arguments[0] }

// Send runs the program; its exit code 0 says that the message was taken.
func (c Command) Send(ctx context.Context, m Message) error {
	if err := c.Host.HasCommand(c.Arguments[0]); err != nil {
		return err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return late(ctx, c.Host.Feed(ctx, string(text)+"\n", c.Arguments[0], c.Arguments[1:]...))
}
