// Package boxtest gives tests and benchmarks the parts of a pair in a box. What
// it starts ends with the test. Where a part cannot run, the test is skipped,
// unless the environment variable CI is set: then it fails.
package boxtest

import (
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
)

// Postgres is a server for the length of a test, below a directory of its own
// unless the options name one.
func Postgres(t testing.TB, o postgres.Options) *postgres.Server {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	switch {
	case err == nil && len(found) > 0:
	case os.Getenv("CI") != "":
		t.Fatal("a test needs PostgreSQL: apt-get install postgresql")
	default:
		t.Skip("PostgreSQL is needed: apt-get install postgresql")
	}
	s, err := postgres.Start(t.Context(), o)
	return ended(t, s, err)
}

// Clone is a copy of a server and its data for the length of a test.
func Clone(t testing.TB, from *postgres.Server, o postgres.Options) *postgres.Server {
	t.Helper()
	s, err := postgres.Clone(t.Context(), from, o)
	return ended(t, s, err)
}

func ended[S io.Closer](t testing.TB, s S, err error) S {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// FreePort is a port of an address that nobody has, by TCP or UDP. It is below
// those that the kernel gives to whoever asks for any (ip_local_port_range, ip(7)):
// such a one could be somebody else's before it is used.
func FreePort(t testing.TB, address string) int {
	t.Helper()
	const first, beyond = 10000, 32768
	for range 100 {
		port := first + rand.IntN(beyond-first)
		at := net.JoinHostPort(address, strconv.Itoa(port))
		l, err := net.Listen("tcp", at)
		if err != nil {
			continue
		}
		defer l.Close()
		if c, err := net.ListenPacket("udp", at); err == nil {
			defer c.Close()
			return port
		}
	}
	t.Fatalf("no port of %s is free", address)
	return 0
}
