package deliver

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/hotpair/hotpair/resources/host"
)

// An Encryption is how a mail server is talked to.
type Encryption string

// The encryptions of a mail server.
const (
	StartTLS Encryption = "starttls"
	TLS      Encryption = "tls"
	None     Encryption = "none"
)

// SMTP hands mail to a mail server (RFC 5321).
type SMTP struct {
	Host           *host.Host // whose file CAFile is
	To             []string
	From           string
	Server         string
	Port           int
	Encryption     Encryption
	User, Password string // "": no login
	CAFile         string // "": the system's certificates
}

func (s SMTP) String() string {
	return "mail to " + strings.Join(s.To, ", ") + " by " + s.address()
}

func (s SMTP) address() string { return net.JoinHostPort(s.Server, strconv.Itoa(s.Port)) }

// untilGivenUp is go-mail's own limit; the context's is shorter.
const untilGivenUp = 10 * time.Minute

// Send sends a mail. Neither a password nor a message leaves before the server's
// certificate was verified.
func (s SMTP) Send(ctx context.Context, m Message) error {
	msg := compose(m)
	if err := errors.Join(msg.From(s.From), msg.To(s.To...)); err != nil {
		return err
	}
	trust, err := trusting(s.Host, s.CAFile)
	if err != nil {
		return err
	}
	trust.ServerName = s.Server
	client, err := mail.NewClient(s.Server, s.options(ctx, trust)...)
	if err == nil {
		err = client.DialAndSendWithContext(ctx, msg)
	}
	return s.hide(late(ctx, err))
}

func (s SMTP) options(ctx context.Context, trust *tls.Config) []mail.Option {
	list := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(untilGivenUp), mail.WithTLSConfig(trust), mail.WithDialContextFunc(s.dial(ctx, trust))}
	switch s.Encryption {
	case TLS:
		list = append(list, mail.WithSSL())
	case None:
		list = append(list, mail.WithTLSPolicy(mail.NoTLS))
	default:
		list = append(list, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.User != "" {
		list = append(list, mail.WithUsername(s.User), mail.WithPassword(s.Password),
			mail.WithOpportunisticSMTPAuth(mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlain, mail.SMTPAuthLogin))
	}
	return list
}

// dial connects, and hangs up when the context ends, whatever is under way then:
// that of the dialing ends with it.
func (s SMTP) dial(ctx context.Context, trust *tls.Config) mail.DialContextFunc {
	return func(_ context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { conn.Close() })
		if s.Encryption != TLS {
			return conn, nil
		}
		encrypted := tls.Client(conn, trust)
		if err := encrypted.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, err
		}
		return encrypted, nil
	}
}

// hide takes the login out of what a server said.
func (s SMTP) hide(err error) error {
	if err == nil || s.Password == "" {
		return err
	}
	text := err.Error()
	for _, secret := range []string{s.Password, "\x00" + s.User + "\x00" + s.Password} {
		for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret))} {
			text = strings.ReplaceAll(text, form, "(secret)")
		}
	}
	if text == err.Error() {
		return err
	}
	return fmt.Errorf("%s", text)
}
