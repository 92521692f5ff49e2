package deliver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/hotpair/hotpair/resources/host"
)

// The limits of an answer, of which nothing but its status counts.
const (
	mostAnswer = 4 << 10
	mostHeader = 16 << 10
)

// Webhook posts messages as JSON.
type Webhook struct {
	Host   *host.Host // whose file CAFile is
	URL    string     // all of it but the host is secret
	Token  string     // "": none
	CAFile string     // "": the system's certificates
}

func (w Webhook) String() string {
	at := "an unreadable URL"
	if u, err := url.Parse(w.URL); err == nil {
		at = u.Host
	}
	return "webhook at " + at
}

// Send posts a message. Any status of 200 to 299 says that it was taken; a
// redirect is not followed, since what it leads to is not what ha.hcl names.
func (w Webhook) Send(ctx context.Context, m Message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(text))
	if err != nil {
		return errors.New("the URL cannot be used")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "hotpair")
	if w.Token != "" {
		r.Header.Set("Authorization", "Bearer "+w.Token)
	}
	trust, err := trusting(w.Host, w.CAFile)
	if err != nil {
		return err
	}
	client := &http.Client{
		Transport:     &http.Transport{TLSClientConfig: trust, DisableKeepAlives: true, MaxResponseHeaderBytes: mostHeader},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := client.Do(r)
	if err != nil {
		return late(ctx, withoutURL(err))
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, mostAnswer) // what it says does not matter
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("it answers with status %d", answer.StatusCode)
	}
	return nil
}

// withoutURL is what went wrong without the URL, which is secret.
func withoutURL(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
