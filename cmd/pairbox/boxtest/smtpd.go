package boxtest

import (
	"os"
	"testing"

	"github.com/hotpair/hotpair/cmd/pairbox/smtpd"
)

// MailServer is a mail server for the length of a test, or until it is closed.
func MailServer(t testing.TB, o smtpd.Options) *smtpd.Server {
	t.Helper()
	if err := smtpd.Available(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	s, err := smtpd.Start(t.Context(), o)
	return ended(t, s, err)
}
