package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// HTTP asks for a page. Any status below 500 is an answer, 503 means Busy. The
// body is not read, no redirection followed, no proxy used. A certificate is not
// verified: nodes sign their own, and nothing secret is sent.
type HTTP struct {
	URL  string
	From netip.Addr // of this node; zero: the kernel chooses
}

const mostHeader = 64 << 10 // bytes

func (p HTTP) check() error {
	u, err := url.Parse(p.URL)
	switch {
	case err != nil || u.Hostname() == "":
		return errors.New("its URL is not one")
	case u.Scheme != "http" && u.Scheme != "https":
		return errors.New("its URL must begin with http:// or https://")
	case u.User != nil:
		return errors.New("its URL holds a user: take that out, a probe sends no credentials")
	}
	return nil
}

// Ask makes a connection of its own, so that what listens proves itself too.
func (p HTTP) Ask(ctx context.Context) (failover.Answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL, http.NoBody)
	if err != nil {
		return failover.Silent, err
	}
	req.Header.Set("User-Agent", userAgent)
	transport := &http.Transport{
		DialContext: dialer("tcp", p.From).DialContext, DisableKeepAlives: true, DisableCompression: true,
		MaxResponseHeaderBytes: mostHeader, TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}
	answer, err := transport.RoundTrip(req)
	if err != nil {
		return failover.Silent, err
	}
	_ = answer.Body.Close() // which is not read
	return judgeHTTP(answer.StatusCode)
}

func judgeHTTP(status int) (failover.Answer, error) {
	said := fmt.Errorf("it answers %d %s", status, http.StatusText(status))
	switch {
	case status == http.StatusServiceUnavailable:
		return failover.Busy, said
	case status >= http.StatusInternalServerError:
		return failover.Silent, said
	}
	return failover.Alive, nil
}
