package netns

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func newNetwork(t *testing.T, nodes int) *Network {
	t.Helper()
	if err := Available(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	n, err := New(nodes)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
		for _, node := range append(n.Nodes, &Node{Name: n.hub}) {
			if _, err := os.Stat(filepath.Join(namespaces, node.Name)); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s is left: %v", node.Name, err)
			}
		}
	})
	return n
}

// reaches tells whether a connection from one node to another's address comes
// about.
func reaches(t *testing.T, from, to *Node, address netip.Addr) bool {
	t.Helper()
	var l net.Listener
	err := to.Enter(func() (err error) {
		l, err = net.Listen("tcp", netip.AddrPortFrom(address, 0).String())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	err = from.Enter(func() error {
		c, err := net.DialTimeout("tcp", l.Addr().String(), 2*time.Second)
		if err == nil {
			c.Close()
		}
		return err
	})
	return err == nil
}

func TestNodesReachEachOtherUnlessTheyAreCut(t *testing.T) {
	n := newNetwork(t, 3)
	one, two, three := n.Nodes[0], n.Nodes[1], n.Nodes[2]
	expect := func(what string, from, to *Node, want bool) {
		t.Helper()
		for _, address := range []netip.Addr{to.V4, to.V6} {
			got := !want
			for try := 0; got != want && try < 5; try++ { // a busy machine is slow
				got = reaches(t, from, to, address)
			}
			if got != want {
				t.Errorf("%s: %s from %s is reached: %v", what, address, from.Name, got)
			}
		}
	}
	act := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	expect("whole", one, two, true)
	expect("whole", three, one, true)
	for _, l := range []Loss{{In: 100}, {Out: 100}, {In: 100, Out: 100}} {
		act(two.Lose(l))
		expect(fmt.Sprintf("%+v", l), one, two, false)
		expect("beside it", three, one, true)
	}
	act(two.Lose(Loss{}))
	expect("healed", one, two, true)
	act(two.Bar("tcp flags & (syn | ack) == syn", ""))
	expect("barred", one, two, false)
	expect("the other way", two, one, true)
	act(two.Bar("", ""))
	expect("permitted", one, two, true)
	act(two.Unplug())
	expect("unplugged", one, two, false)
	act(two.Plug())
	expect("plugged", one, two, true)
	if err := n.Nodes[0].Enter(func() error { _, err := net.Dial("udp", "192.0.2.1:9"); return err }); err == nil {
		t.Error("there is a way out")
	}
}

func TestWhatADeadProgramLeftIsRemoved(t *testing.T) {
	newNetwork(t, 1)
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("%s%d-0-hub", prefix, gone.Process.Pid)
	if err := ip("netns", "add", name); err != nil {
		t.Fatal(err)
	}
	left := (&Node{Name: name}).Command("sleep", "1000")
	if err := left.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- left.Wait() }()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if out, err := exec.Command("ip", "netns", "pids", name).Output(); err == nil && len(out) > 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the process does not run in the namespace")
		}
	}
	newNetwork(t, 1)
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("the process runs on")
		_ = left.Process.Kill()
	}
	if _, err := os.Stat(filepath.Join(namespaces, name)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the namespace is left", err)
	}
}

func TestAPowerCutEndsEverythingAndTheLink(t *testing.T) {
	n := newNetwork(t, 2)
	one, two := n.Nodes[0], n.Nodes[1]
	cmd := two.Command("sh", "-c", "sleep 1000 & echo up; wait")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var word string
	if _, err := fmt.Fscan(out, &word); err != nil {
		t.Fatal(err)
	}
	if err := two.PowerOff(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("a process ended by itself")
	}
	var left []byte
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) { // a killed one may still be ending
		var err error
		if left, err = exec.Command("ip", "netns", "pids", two.Name).Output(); err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 || time.Now().After(deadline) {
			break
		}
	}
	if len(left) > 0 {
		t.Errorf("%q is left", left)
	}
	if reaches(t, one, two, two.V4) {
		t.Error("it is reached")
	}
	carrier, err := two.Command("cat", "/sys/class/net/eth0/carrier").Output()
	if err != nil || string(carrier) != "0\n" {
		t.Errorf("its link has a carrier: %q, %v", carrier, err)
	}
}

func TestTheCommandIsTheProcess(t *testing.T) {
	n := newNetwork(t, 1)
	cmd := n.Nodes[0].Command("sh", "-c", "echo $$")
	out, err := cmd.Output()
	if err != nil || string(out) != fmt.Sprintln(cmd.Process.Pid) {
		t.Errorf("%q, %v, process %d", out, err, cmd.Process.Pid)
	}
}
