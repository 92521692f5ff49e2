package netns

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// where `ip netns` keeps the namespaces, by ip-netns(8).
const namespaces = "/run/netns"

// Enter calls a function whose thread is in the namespace: so are the sockets
// that it makes and the processes that it starts, for good. Goroutines that it
// starts are not.
func (n *Node) Enter(do func() error) error {
	done := make(chan error)
	go func() { done <- n.within(do) }()
	return <-done
}

// within takes the thread there and back. A thread that does not find back stays
// locked to a goroutine that ends, and so is never used again.
func (n *Node) within(do func() error) error {
	runtime.LockOSThread()
	home, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return err
	}
	defer home.Close()
	there, err := os.Open(filepath.Join(namespaces, n.Name))
	if err != nil {
		return err
	}
	defer there.Close()
	if err := enter(there); err != nil {
		return err
	}
	err = do()
	if back := enter(home); back != nil {
		return errors.Join(err, back)
	}
	runtime.UnlockOSThread()
	return err
}

// enter is setns(2), whose number package syscall does not have everywhere.
func enter(namespace *os.File) error {
	number, known := map[string]uintptr{"amd64": 308, "arm64": 268}[runtime.GOARCH]
	if !known {
		return errors.New("entering a namespace: not on this kind of machine")
	}
	if _, _, errno := syscall.RawSyscall(number, namespace.Fd(), syscall.CLONE_NEWNET, 0); errno != 0 {
		return fmt.Errorf("entering %s: %w", namespace.Name(), errno)
	}
	return nil
}

// Command is a command that runs in the namespace. Its process is the one that
// is started.
func (n *Node) Command(name string, args ...string) *exec.Cmd {
	return exec.Command("ip", append([]string{"netns", "exec", n.Name, name}, args...)...)
}

// Loss is what of a node's packets is dropped, in percent. IPv6's neighbour
// discovery is among them; that of IPv4 goes on.
type Loss struct{ In, Out int }

// Lose drops packets from now on, whatever was dropped before; a zero Loss
// heals. What is dropped is not answered.
func (n *Node) Lose(l Loss) error {
	rules := "table inet cut\ndelete table inet cut\ntable inet cut {\n"
	for _, way := range []struct {
		hook, key string
		percent   int
	}{{"input", "iifname", l.In}, {"output", "oifname", l.Out}} {
		if way.percent > 0 { // 0 to percent-1 of 0 to 99
			rules += fmt.Sprintf("chain %s { type filter hook %s priority 0; %s \"eth0\" numgen random mod 100 <= %d drop; }\n", way.hook, way.hook, way.key, way.percent-1)
		}
	}
	return n.filter(rules + "}\n")
}

// Bar drops from now on the packets that expressions of nft(8) match, of those
// that come in and of those that go out, whatever was barred before; "" matches
// none.
func (n *Node) Bar(in, out string) error {
	rules := "table inet barred\ndelete table inet barred\ntable inet barred {\n"
	for _, way := range [][2]string{{"input", in}, {"output", out}} {
		if way[1] != "" {
			rules += fmt.Sprintf("chain %s { type filter hook %s priority 0; %s drop; }\n", way[0], way[0], way[1])
		}
	}
	return n.filter(rules + "}\n")
}

func (n *Node) filter(rules string) error {
	cmd := n.Command("nft", "-f", "-")
	cmd.Stdin = strings.NewReader(rules)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("nft in %s: %w: %s", n.Name, err, out)
	}
	return nil
}

// Unplug takes the node's cable out: its interface has no carrier then.
func (n *Node) Unplug() error { return each(n.hub, "link set "+n.port+" down") }

// Plug is the opposite of Unplug.
func (n *Node) Plug() error { return each(n.hub, "link set "+n.port+" up") }

// PowerOff takes the cable out and kills what runs in the node, at once.
func (n *Node) PowerOff() error { return errors.Join(n.Unplug(), end(n.Name)) }

// steady keeps the address of IPv6 while the cable is out, and does not ask
// around who else has it.
func (n *Node) steady() error {
	return n.Enter(func() error {
		var errs []error
		for name, value := range map[string]string{"keep_addr_on_down": "1", "accept_dad": "0"} {
			errs = append(errs, os.WriteFile("/proc/sys/net/ipv6/conf/eth0/"+name, []byte(value), 0))
		}
		return errors.Join(errs...)
	})
}
