package peer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/hotpair/hotpair/resources/host"
)

// Node is this node as the far end of the channel.
type Node struct {
	Host     *host.Host
	State    State
	Database Socket
}

// Streams are what sshd connected a request to. They are files, since programs
// get them.
type Streams struct{ In, Out, Err *os.File }

// Serve answers one request, and changes nothing where this node is not a slave
// that serves no calls.
func (n Node) Serve(ctx context.Context, original string, s Streams) error {
	if err := n.serve(ctx, original, s); err != nil {
		return fmt.Errorf(refusal+"%w", err)
	}
	return nil
}

func (n Node) serve(ctx context.Context, original string, s Streams) error {
	request, err := Parse(original)
	if err != nil {
		return err
	}
	if request.Kind == StateRequest {
		return n.tell(s.Out)
	}
	if request.Kind == DatabaseRequest {
		if err := n.tell(s.Out); err != nil {
			return err
		}
	}
	if err := n.State.Refuses(); err != nil {
		return err
	}
	switch request.Kind {
	case DatabaseRequest:
		return n.bridge(ctx, s)
	case RsyncRequest:
		return n.confined(ctx, s, request.Args)
	case FilesRequest:
		return n.confined(ctx, s, nil)
	}
	return errors.New("an unknown request")
}

func (n Node) tell(out io.Writer) error {
	line, err := n.State.line()
	if err == nil {
		_, err = out.Write(line)
	}
	return err
}
