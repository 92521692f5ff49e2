package host

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	systemdRun = "/usr/bin/systemd-run"
	systemctl  = "/usr/bin/systemctl"

	// endLimit is how long systemd may take to end a unit; a bus that hangs holds
	// nobody up for longer.
	endLimit = 5 * time.Second

	busSocket = "/run/dbus/system_bus_socket"
	busLimit  = 2 * time.Second
)

// goesOutside tells whether a command is run outside of this process's sandbox.
// systemctl is not: what it asks for happens outside anyway. Nor is anything
// where there is no systemd-run, or no bus that answers it: a command that the
// sandbox may hamper is better than none when a node is to take over.
func (h *Host) goesOutside(ctx context.Context, name string) bool {
	return h.Sandboxed && h.IsMachine() && path.Base(name) != path.Base(systemctl) && h.HasCommand(systemdRun) == nil && busAnswers(ctx, busSocket)
}

// busAnswers tells whether a message bus lets this process in, as far as its
// first answer (D-Bus Specification, "Authentication Protocol").
func busAnswers(ctx context.Context, socket string) bool {
	ctx, cancel := context.WithTimeout(ctx, busLimit)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", socket)
	if err != nil {
		return false
	}
	defer conn.Close()
	until, _ := ctx.Deadline()
	_ = conn.SetDeadline(until) // a socket of this machine has deadlines
	answer := make([]byte, len(busWelcome))
	if _, err := fmt.Fprintf(conn, "\x00AUTH EXTERNAL %s\r\n", hex.EncodeToString([]byte(strconv.Itoa(os.Geteuid())))); err != nil {
		return false
	}
	_, err = io.ReadFull(conn, answer)
	return err == nil && string(answer) == busWelcome
}

const busWelcome = "OK "

// unit is a transient unit of systemd's that runs one command.
type unit struct{ name string }

// outside gives the command that has systemd run another one as a unit of its
// own (systemd-run(1)): it has nothing of this process but what it reads and
// writes. It ends with the context, also when this process does not live to see
// that. What it leaves in the background goes on, as that of any command does.
// Its start and end are not worth a line in the journal each time, a failure is.
func (h *Host) outside(ctx context.Context, command []string) (*unit, []string) {
	u := &unit{name: "hotpair-" + strings.ToLower(rand.Text()) + ".service"}
	args := []string{systemdRun, "--wait", "--pipe", "--collect", "--quiet", "--service-type=exec", "--unit=" + u.name,
		"--description=" + path.Base(command[0]) + ", run by hotpair", "--property=KillMode=process", "--property=LogLevelMax=notice"}
	if deadline, limited := ctx.Deadline(); limited {
		seconds := math.Ceil(time.Until(deadline).Seconds()) + 1
		args = append(args, fmt.Sprintf("--property=RuntimeMaxSec=%.0f", max(seconds, 1)), "--property=TimeoutStopSec=5")
	}
	for _, variable := range h.environment() {
		args = append(args, "--setenv="+variable)
	}
	args = append(args, "--")
	for _, word := range command {
		args = append(args, literal(word))
	}
	return u, args
}

// literal has a word stand as it is: systemd puts variables into the arguments
// of a unit, and $$ is a dollar (systemd.service(5), COMMAND LINES). Percent signs
// mean nothing there, since nobody reads the line from a file.
func literal(word string) string { return strings.ReplaceAll(word, "$", "$$") }

// end ends every process of the unit at once.
func (u *unit) end(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, systemctl, "kill", "--kill-who=all", "--signal=SIGKILL", u.name)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	_ = cmd.Run() // a unit that has ended by itself is no failure, and RuntimeMaxSec ends one that could not be
}
