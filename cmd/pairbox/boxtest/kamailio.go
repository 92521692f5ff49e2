package boxtest

import (
	"os"
	"testing"

	"github.com/hotpair/hotpair/cmd/pairbox/kamailio"
)

// Kamailio is a SIP server for the length of a test.
func Kamailio(t testing.TB, o kamailio.Options) *kamailio.Server {
	t.Helper()
	if _, err := os.Stat(kamailio.Program); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("a test needs Kamailio: apt-get install kamailio")
		}
		t.Skip("Kamailio is needed: apt-get install kamailio")
	}
	s, err := kamailio.Start(t.Context(), o)
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
