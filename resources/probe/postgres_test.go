package probe_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/probe"
)

// admit has a server's pg_hba.conf say one thing, and begin anew.
func admit(t *testing.T, s *postgres.Server, line string) {
	t.Helper()
	conn := boxtest.Connect(t, s, "postgres")
	var file string
	if err := conn.QueryRow(t.Context(), "SHOW hba_file").Scan(&file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Clean(file), []byte("local all all trust\n"+line+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestADatabaseIsAliveWhetherItLetsUsInOrNot(t *testing.T) {
	t.Parallel()
	at := free(t, "127.0.0.1")
	s := boxtest.Postgres(t, postgres.Options{Address: "127.0.0.1", Port: int(at.Port())})
	p := probe.Postgres{Target: probe.Target{To: at}}
	for _, line := range []string{"host all all all trust", "host all all all scram-sha-256", "host all all all password", "host all all all reject", ""} {
		admit(t, s, line)
		ask(t, p, failover.Alive)
	}
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	ask(t, p, failover.Silent)
}

func TestADatabaseThatIsFrozenOrShutsDownIsSilent(t *testing.T) {
	t.Parallel()
	at := free(t, "127.0.0.1")
	s := boxtest.Postgres(t, postgres.Options{Address: "127.0.0.1", Port: int(at.Port())})
	p := probe.Postgres{Target: probe.Target{To: at}}
	boxtest.Connect(t, s, "postgres") // whose end a smart shutdown waits for
	for _, act := range []struct {
		signal syscall.Signal
		want   failover.Answer
		says   string
	}{
		{syscall.SIGSTOP, failover.Silent, ""}, {syscall.SIGCONT, failover.Alive, ""},
		{syscall.SIGTERM, failover.Silent, "it says: the database system is shutting down"},
	} {
		if err := syscall.Kill(s.PID(), act.signal); err != nil {
			t.Fatal(err)
		}
		if err := askUntil(t, p, act.want); act.says != "" && (err == nil || err.Error() != act.says) {
			t.Error(err)
		}
	}
}

// A server that asks for a password in clear text gets what the first message
// was, and no more, whatever the environment holds.
func TestNoPasswordIsEverSent(t *testing.T) {
	t.Setenv("PGPASSWORD", "secret")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	sent := make(chan []byte, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		_, _ = c.Write([]byte{'R', 0, 0, 0, 8, 0, 0, 0, 3}) // AuthenticationCleartextPassword
		all, _ := io.ReadAll(c)
		sent <- all
	}()
	ask(t, probe.Postgres{Target: probe.Target{To: l.Addr().(*net.TCPAddr).AddrPort()}}, failover.Alive)
	select {
	case all := <-sent:
		if len(all) < 8 || int(all[3]) != len(all) || !bytes.Contains(all, []byte("user\x00hotpair\x00")) || bytes.Contains(all, []byte("secret")) {
			t.Errorf("%q", all)
		}
	case <-time.After(20 * time.Second):
		t.Error("the connection stays")
	}
}

func TestWhatIsNoDatabaseIsSilent(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"HTTP/1.1 400 Bad Request\r\n\r\n", "", "E\xff\xff\xff\xff", "Z\x00\x00\x00\x05I", "R\x00\x00\x00\x04"} {
		ask(t, probe.Postgres{Target: probe.Target{To: says(t, text)}}, failover.Silent)
	}
}

// says is a server that says the same to everybody, and hangs up.
func says(t *testing.T, text string) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte(text))
			c.Close()
		}
	}()
	return l.Addr().(*net.TCPAddr).AddrPort()
}

// askUntil asks until the answer is as wanted, and gives the error.
func askUntil(t *testing.T, a probe.Asker, want failover.Answer) error {
	t.Helper()
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		got, err := a.Ask(ctx)
		cancel()
		if got == want {
			return err
		}
		if time.Since(begin) > 30*time.Second {
			t.Fatalf("%s, %v; wanted %s", got, err, want)
		}
	}
}
