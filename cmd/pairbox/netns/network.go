package netns

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"strings"
)

// Network is a number of nodes, joined by a bridge.
type Network struct {
	hub   string // the namespace of the bridge
	Nodes []*Node
}

// Node is one namespace.
type Node struct {
	Name   string // as `ip netns` has it
	V4, V6 netip.Addr

	hub, port string // where its cable is plugged in
}

// prefix begins the name of each namespace; the process number follows.
const prefix = "pairbox-"

// Available tells why no network can be made here; nil: one can.
func Available() error {
	if os.Geteuid() != 0 {
		return errors.New("root is needed, who makes network namespaces")
	}
	for _, program := range []string{"ip", "nft"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is needed: apt-get install iproute2 nftables", program)
		}
	}
	return nil
}

// New makes a network of so many nodes, 250 at most, whose addresses are
// 10.77.0.1 and fd77::1, 10.77.0.2 and fd77::2, and so on. It must be closed.
func New(nodes int) (*Network, error) {
	if err := Available(); err != nil {
		return nil, err
	}
	if err := sweep(); err != nil {
		return nil, err
	}
	n := &Network{}
	base, err := reserve()
	if err != nil {
		return nil, err
	}
	n.hub = base + "hub"
	err = each(n.hub, "link set lo up", "link add bridge type bridge", "link set bridge up")
	for i := 1; i <= nodes && err == nil; i++ {
		node := &Node{Name: fmt.Sprint(base, i), V4: netip.AddrFrom4([4]byte{10, 77, 0, byte(i)}), V6: netip.AddrFrom16([16]byte{0: 0xfd, 1: 0x77, 15: byte(i)}), hub: n.hub, port: fmt.Sprint("port", i)}
		n.Nodes = append(n.Nodes, node)
		err = n.join(node)
	}
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

// reserve makes the hub under the first name that is free.
func reserve() (base string, err error) {
	for i := range 100 {
		base = fmt.Sprintf("%s%d-%d-", prefix, os.Getpid(), i)
		if err = ip("netns", "add", base+"hub"); err == nil {
			return base, nil
		}
	}
	return "", err
}

// join makes a node and plugs it into the bridge.
func (n *Network) join(node *Node) error {
	if err := ip("netns", "add", node.Name); err != nil {
		return err
	}
	err := each(n.hub, fmt.Sprintf("link add %s type veth peer name eth0 netns %s", node.port, node.Name),
		"link set "+node.port+" master bridge", "link set "+node.port+" up")
	if err != nil {
		return err
	}
	if err := node.steady(); err != nil {
		return err
	}
	return each(node.Name, "link set lo up", "link set eth0 up",
		fmt.Sprintf("addr add %s/24 dev eth0", node.V4), fmt.Sprintf("addr add %s/64 dev eth0 nodad", node.V6))
}

// Close ends what runs in the namespaces and removes them.
func (n *Network) Close() error {
	var errs []error
	for _, node := range n.Nodes {
		errs = append(errs, remove(node.Name))
	}
	return errors.Join(append(errs, remove(n.hub))...)
}

// each runs commands of ip in a namespace.
func each(name string, commands ...string) error {
	for _, command := range commands {
		if err := ip(append([]string{"-n", name}, strings.Fields(command)...)...); err != nil {
			return err
		}
	}
	return nil
}

func ip(args ...string) error {
	out, err := exec.Command("ip", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}
