package host

import (
	"bufio"
	"net"
	"path/filepath"
	"testing"
	"time"
)

func TestABusThatHangsOrRefusesIsNotWaitedForLong(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		want   bool
	}{
		"lets in": {"OK 1234deadbeef\r\n", true}, "refuses": {"REJECTED EXTERNAL\r\n", false}, "hangs": {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			socket := filepath.Join(t.TempDir(), "bus")
			l, err := net.Listen("unix", socket)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				asked, _ := bufio.NewReader(conn).ReadString('\n')
				if asked != "" {
					_, _ = conn.Write([]byte(c.answer))
				}
				time.Sleep(10 * busLimit)
				conn.Close()
			}()
			began := time.Now()
			if got := busAnswers(t.Context(), socket); got != c.want || time.Since(began) > 10*busLimit {
				t.Errorf("%v after %s", got, time.Since(began))
			}
		})
	}
	if busAnswers(t.Context(), filepath.Join(t.TempDir(), "none")) {
		t.Error("no bus answers")
	}
}

func TestACommandOfASandboxedNodeBelowADirectoryStaysInside(t *testing.T) {
	h, _ := command(t, "")
	h.Sandboxed = true
	if h.goesOutside(t.Context(), "/command") {
		t.Error("it would be run on the machine around the node")
	}
}
