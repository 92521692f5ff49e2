// Package provd is a client of the provisioning daemon's REST API 0.2
// (wazo-provd), and of wazo-auth, which gives the tokens for it.
//
// What the daemon does that one would not expect, all of it observed:
//
//   - A query that it does not understand is ignored: the answer has everything.
//     Callers look at what came back.
//   - PUT replaces a document as a whole; every key left out is lost. There is
//     neither an ETag nor a PATCH: read a document just before writing it.
//   - POST and PUT want exactly the media type of this package; another one,
//     application/json too, is answered 415.
//   - 401 means no token, an old token, or a missing right. No error has a JSON
//     body, and some are HTML.
//   - The operation that resynchronises a phone stays in memory until it is
//     deleted.
//
// The package knows nothing of what documents mean.
package provd

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// ErrNotFound is returned for a document or a device that is not there.
var ErrNotFound = errors.New("it is not there")

// ErrDown is returned when nothing listens at the daemon's address.
var ErrDown = errors.New("nothing answers there")

// ErrSilent is returned when an answer did not come in time.
var ErrSilent = fmt.Errorf("no whole answer within the time limit (%w)", context.DeadlineExceeded)

const (
	mediaType   = "application/vnd.proformatique.provd+json"
	mostAnswer  = 256 << 20        // bytes: 50,000 phones
	patience    = 15 * time.Second // for a whole request
	reachable   = 3 * time.Second  // for Ping
	parallel    = 4
	tokenHeader = "X-Auth-Token"
)

// Options are where the daemon is, and either a token that never ends or where
// tokens are given. The service key file is read anew for each, since a key may
// be renewed.
type Options struct {
	URL     string // of the API, "http://127.0.0.1:8666/0.2"
	Token   string
	AuthURL string // of wazo-auth's API, "http://127.0.0.1:9497/0.1"
	KeyFile string
	// Silence is how long an answer may take to begin; 0: as long as the whole may
	// take, 15 s.
	Silence time.Duration
}

// Client speaks to one daemon. It may be used by several goroutines.
type Client struct {
	base   *url.URL
	http   *http.Client
	tokens *tokens
}

// New makes a client, which reads the key file by a function of the caller's;
// it does not connect yet.
func New(o Options, read func(path string) ([]byte, error)) (*Client, error) {
	base, err := url.Parse(o.URL)
	if err != nil || base.Host == "" {
		return nil, errors.New("the URL of the provisioning daemon is not one")
	}
	web := newHTTP(o.Silence)
	return &Client{base: base, http: web, tokens: &tokens{options: o, read: read, http: web, now: time.Now}}, nil
}

// newHTTP follows no redirection and no proxy: a token is for one host.
func newHTTP(silence time.Duration) *http.Client {
	return &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			MaxIdleConnsPerHost: parallel, IdleConnTimeout: 10 * time.Second, ResponseHeaderTimeout: silence,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		},
	}
}

// Close drops idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Ping tells whether the daemon answers at all, within 3 seconds.
func (c *Client) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, reachable)
	defer cancel()
	_, err := c.call(ctx, request{method: http.MethodGet, path: []string{"status"}, public: true})
	return err
}

// request is one call.
type request struct {
	method string
	path   []string // elements, escaped when they are joined
	query  url.Values
	body   any
	public bool // no token is needed
}

func (r request) String() string { return r.method + " /" + host.Printable(strings.Join(r.path, "/")) }

// answer is what came back.
type answer struct {
	status   int
	media    string
	location string
	body     []byte
}

// do calls with a token, and once more with a fresh one when that is refused.
func (c *Client) do(ctx context.Context, r request) (answer, error) {
	a, err := c.call(ctx, r)
	if err == nil && a.status == http.StatusUnauthorized && c.tokens.renewable() {
		c.tokens.drop()
		a, err = c.call(ctx, r)
	}
	if err != nil {
		return a, err
	}
	return a, c.refused(r, a)
}

// refused turns the status of an answer into an error.
func (c *Client) refused(r request, a answer) error {
	switch {
	case a.status == http.StatusUnauthorized:
		return fmt.Errorf("%s: %s is refused: the token or the service key lacks the right provd.#, or is not known", c.name(), r)
	case a.status == http.StatusNotFound:
		return fmt.Errorf("%s: %s: %w", c.name(), r, ErrNotFound)
	case a.status < 200 || a.status > 299:
		return fmt.Errorf("%s: %s is answered %d%s", c.name(), r, a.status, said(a))
	}
	return nil
}

// name is what errors call the daemon; a password in the URL is not in it.
func (c *Client) name() string { return "provd at " + c.base.Scheme + "://" + c.base.Host }

// said is the first line of an answer that is an error in plain text.
func said(a answer) string {
	if strings.Contains(a.media, "html") {
		return " with an HTML page"
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(a.body[:min(len(a.body), 200)])), "\n")
	if line == "" {
		return ""
	}
	return ": " + host.Printable(line)
}

func (c *Client) call(ctx context.Context, r request) (answer, error) {
	req, err := c.request(ctx, r)
	if err != nil {
		return answer{}, err
	}
	a, err := send(c.http, req)
	if err != nil {
		return a, fmt.Errorf("%s: %s: %w", c.name(), r, err)
	}
	return a, nil
}

func (c *Client) request(ctx context.Context, r request) (*http.Request, error) {
	at := *c.base
	at.User = nil
	target := at.JoinPath(escaped(r.path)...)
	target.RawQuery = r.query.Encode()
	var body io.Reader
	if r.body != nil {
		text, err := json.Marshal(r.body)
		if err != nil {
			return nil, fmt.Errorf("encoding %s: %w", r, err)
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, target.String(), body)
	if err != nil {
		return nil, fmt.Errorf("%s: %s cannot be asked", c.name(), r)
	}
	if body != nil {
		req.Header.Set("Content-Type", mediaType)
	}
	if r.public {
		return req, nil
	}
	token, err := c.tokens.get(ctx)
	req.Header.Set(tokenHeader, token)
	return req, err
}

func escaped(path []string) []string {
	out := make([]string, len(path))
	for i, element := range path {
		out[i] = url.PathEscape(element)
	}
	return out
}

// send gives an answer that came whole. Its errors name no URL, which could
// hold a password.
func send(web *http.Client, req *http.Request) (answer, error) {
	res, err := web.Do(req)
	if err != nil {
		return answer{}, plain(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer+1))
	switch {
	case err != nil:
		return answer{}, fmt.Errorf("the answer broke off: %w", plain(err))
	case len(body) > mostAnswer:
		return answer{}, fmt.Errorf("the answer is longer than %d MiB", mostAnswer>>20)
	case res.StatusCode >= 300 && res.StatusCode <= 399:
		return answer{}, fmt.Errorf("it answers %d and sends elsewhere: set the URL to where the API is", res.StatusCode)
	}
	return answer{status: res.StatusCode, media: res.Header.Get("Content-Type"), location: res.Header.Get("Location"), body: body}, nil
}

func plain(err error) error {
	var in *url.Error
	if errors.As(err, &in) {
		if in.Timeout() && !errors.Is(err, context.Canceled) {
			return ErrSilent
		}
		err = in.Err
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return ErrDown
	}
	return host.Steady(err)
}
