package resources

import (
	"context"
	"strings"

	"github.com/hotpair/hotpair/resources/host"
)

// sendmail is the mailer that every mail server of Debian's brings (its Policy,
// 11.6).
const sendmail = "/usr/sbin/sendmail"

// MailRoot mails root, as cron does. A node without a mailer mails nobody.
func MailRoot(ctx context.Context, h *host.Host, subject, text string) error {
	if h.HasCommand(sendmail) != nil {
		return nil
	}
	var body strings.Builder
	body.WriteString("To: root\nSubject: " + host.Printable(subject) + "\nAuto-Submitted: auto-generated\nContent-Type: text/plain; charset=UTF-8\n\n")
	for line := range strings.Lines(text) {
		body.WriteString(host.Printable(strings.TrimSuffix(line, "\n")) + "\n")
	}
	return h.Feed(ctx, body.String(), sendmail, "-i", "root")
}
