package peer

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// Node is this node as the far end of the channel.
type Node struct {
	Host     *host.Host
	State    State
	Database Socket
	// Passive tells whether the node is still as passive as State says; it is asked
	// once a second while a request goes on. nil: that is not known.
	Passive func() bool
	// Reports hears how the peer stands, and answers, until the peer hangs up.
	Reports func(in io.Reader, out io.Writer) error
	// Facts tells what the node finds out about itself, as JSON on one line.
	Facts func(ctx context.Context, out io.Writer) error
}

// lookAgainAt is how long a node that became active may still be written.
const lookAgainAt = time.Second

// Streams are what sshd connected a request to. They are files, since programs
// get them.
type Streams struct{ In, Out, Err *os.File }

// Serve answers one request, and changes nothing where this node is not a slave
// that serves no calls.
func (n Node) Serve(ctx context.Context, original string, s Streams) error {
	err := n.serve(ctx, original, s)
	if err != nil && ctx.Err() != nil {
		err = errStopped
	}
	if err != nil {
		return fmt.Errorf(refusal+"%w", err)
	}
	return nil
}

func (n Node) serve(ctx context.Context, original string, s Streams) error {
	request, err := Parse(original)
	if err != nil {
		return err
	}
	switch request.Kind {
	case StateRequest:
		return n.tell(s.Out)
	case ReportRequest:
		if n.State.Role != slave {
			return fmt.Errorf("this node is %s, not slave: it hears no reports of a master", n.State.Role)
		}
		return n.Reports(s.In, s.Out)
	case FactsRequest:
		return n.Facts(ctx, s.Out)
	}
	if request.Kind == DatabaseRequest {
		if err := n.tell(s.Out); err != nil {
			return err
		}
	}
	if err := n.State.Refuses(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go n.whilePassive(ctx, cancel)
	switch request.Kind {
	case DatabaseRequest:
		err = n.bridge(ctx, s)
	case RsyncRequest, FilesRequest:
		err = n.confined(ctx, s, request)
	}
	return cause(ctx, err)
}

// whilePassive ends a request of a node that becomes active meanwhile: some are
// kept open for days.
func (n Node) whilePassive(ctx context.Context, end context.CancelCauseFunc) {
	if n.Passive == nil {
		return
	}
	ticker := time.NewTicker(lookAgainAt)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if !n.Passive() {
				end(errBecame)
				return
			}
		}
	}
}

func (n Node) tell(out io.Writer) error {
	line, err := n.State.line()
	if err == nil {
		_, err = out.Write(line)
	}
	return err
}
