package companion

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	answerIn   = 5 * time.Second
	mostHeader = 64 << 10 // bytes
	mostBody   = 64 << 10
)

// asker asks over HTTP. It follows no redirection and uses no proxy.
type asker struct{ client http.Client }

func newAsker(t *tls.Config) *asker {
	return &asker{http.Client{
		Timeout:       answerIn,
		Transport:     &http.Transport{TLSClientConfig: t, DisableCompression: true, MaxResponseHeaderBytes: mostHeader, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// look asks the ways to a node, until one tells.
func (a *asker) look(ctx context.Context, nodes []string) Sight {
	var why error
	for _, node := range nodes {
		active, err := a.active(ctx, node)
		switch {
		case err == nil && active:
			return Sight{Answer: Active, From: node}
		case err == nil:
			return Sight{Answer: Inactive, From: node}
		case why == nil:
			why = err
		}
	}
	return Sight{From: nodes[0], Why: why}
}

// active asks a node whether it is.
func (a *asker) active(ctx context.Context, node string) (bool, error) {
	answer, err := a.get(ctx, node)
	if err != nil {
		return false, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return false, status(answer.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, mostBody+1))
	switch {
	case err != nil:
		return false, err
	case len(text) > mostBody:
		return false, fmt.Errorf("its answer is longer than %d bytes", mostBody)
	}
	var said struct {
		Active *bool `json:"active"`
	}
	if json.Unmarshal(text, &said) != nil || said.Active == nil {
		return false, errors.New(`its answer is no JSON object with "active": true or false`)
	}
	return *said.Active, nil
}

// open tells why what is waited for does not answer with a status below 500.
func (a *asker) open(ctx context.Context, gate string) error {
	answer, err := a.get(ctx, gate)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode >= http.StatusInternalServerError {
		return status(answer.StatusCode)
	}
	return nil
}

func (a *asker) get(ctx context.Context, address string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "hotpair")
	req.Header.Set("Accept", "application/json, */*")
	answer, err := a.client.Do(req)
	return answer, brief(err)
}

// brief is an error without the URL, which is told anyway, and without the port
// of a connection, which is another one each time.
func brief(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var connection *net.OpError
	if errors.As(err, &connection) && connection.Source != nil {
		err = connection.Err
	}
	return err
}

func status(code int) error { return fmt.Errorf("it answers %d %s", code, http.StatusText(code)) }
