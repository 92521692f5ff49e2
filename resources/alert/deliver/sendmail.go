package deliver

import (
	"context"
	"strings"

	"github.com/hotpair/hotpair/resources/host"
)

// Mailer is the mailer that every mail server of Debian's brings (its Policy,
// 11.6).
const Mailer = "/usr/sbin/sendmail"

// Sendmail has the node's own mailer send a mail, as cron does.
type Sendmail struct {
	Host *host.Host
	To   []string
	From string // "": as the mailer says
}

func (s Sendmail) String() string {
	return "mail to " + strings.Join(s.To, ", ") + " by this node's mailer"
}

// Send feeds the mailer. Its addresses begin with no "-".
func (s Sendmail) Send(ctx context.Context, m Message) error {
	if err := s.Host.HasCommand(Mailer); err != nil {
		return err
	}
	msg := compose(m)
	msg.SetGenHeader("To", strings.Join(s.To, ", "))
	args := []string{"-i"}
	if s.From != "" {
		msg.SetGenHeader("From", s.From)
		args = append(args, "-f", s.From)
	}
	var text strings.Builder
	if _, err := msg.WriteTo(&text); err != nil {
		return err
	}
	unix := strings.ReplaceAll(text.String(), "\r\n", "\n") // it writes the line ends of mail itself
	return late(ctx, s.Host.Feed(ctx, unix, Mailer, append(args, s.To...)...))
}
