package peer

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/hotpair/hotpair/resources/host"
)

// StockKey is the key of the platform's own scripts, which the peer admits on a
// stock pair.
const StockKey = "/root/.ssh/xivo_id_rsa"

// Administrator is how the person at the keyboard reaches the peer: with the
// stock key, an agent's or a password, never with our own key.
type Administrator struct {
	Target   Target
	Terminal io.Writer // where ssh's questions and the peer's words go
	Ask      bool      // a password may be asked for, on the terminal
}

// Authorize has the peer admit a key, as `hotpair authorize` there.
func (a Administrator) Authorize(ctx context.Context, key string) error {
	return a.run(ctx, key+"\n", "hotpair", "authorize")
}

// Revoke has the peer admit our key no more.
func (a Administrator) Revoke(ctx context.Context) error {
	return a.run(ctx, "", "hotpair", "authorize", "--remove")
}

func (a Administrator) run(ctx context.Context, input string, command ...string) error {
	if err := a.Target.check(); err != nil {
		return err
	}
	if err := a.Target.pin(); err != nil {
		return err
	}
	said := &host.Said{}
	cmd := exec.CommandContext(ctx, sshProgram, append(a.args(), command...)...)
	cmd.Env = os.Environ() // the agent's socket, HOME
	cmd.Stdin = strings.NewReader(input)
	both := io.MultiWriter(a.Terminal, said)
	cmd.Stdout, cmd.Stderr = both, both
	cmd.WaitDelay = closeLimit
	if err := cmd.Run(); err != nil {
		return explainFor(said.Lines(), errAdministrator)
	}
	return nil
}

func (a Administrator) args() []string {
	args := []string{"-p", strconv.Itoa(a.Target.Port)}
	args = append(args, a.Target.pinned()...)
	args = append(args, options("ControlMaster=no", "ControlPath=none", "ProxyCommand=none", "BatchMode="+yes(!a.Ask))...)
	if there, err := a.Target.Host.Exists(StockKey); err == nil && there {
		args = append(args, "-i", a.Target.Host.Host(StockKey))
	}
	return append(args, a.Target.destination(), "--")
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}
