package provd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"time"
)

// ErrNotSynchronized is returned for a phone that did not take its
// configuration: it is switched off, say.
var ErrNotSynchronized = errors.New("the phone did not answer")

const (
	syncPatience = time.Minute // for one phone
	syncPause    = 250 * time.Millisecond
	cleanUp      = 5 * time.Second
)

// Synchronize makes a phone fetch its configuration, waits for that at most a
// minute, and clears the operation away.
func (c *Client) Synchronize(ctx context.Context, device string) error {
	a, err := c.do(ctx, request{method: http.MethodPost, path: []string{"dev_mgr", "synchronize"}, body: map[string]any{"id": device}})
	if err != nil {
		return err
	}
	operation := path.Base(a.location)
	if !regexp.MustCompile(`^[0-9a-zA-Z-]+$`).MatchString(operation) {
		return fmt.Errorf("%s: resynchronising %q: the answer names no operation", c.name(), device)
	}
	at := []string{"dev_mgr", "synchronize", operation}
	err = c.await(ctx, at)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUp)
	defer cancel()
	if _, gone := c.do(ctx, request{method: http.MethodDelete, path: at}); err == nil && !errors.Is(gone, ErrNotFound) {
		err = gone
	}
	return err
}

func (c *Client) await(ctx context.Context, operation []string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, syncPatience, ErrNotSynchronized)
	defer cancel()
	for pause := syncPause; ; pause = min(2*pause, 4*time.Second) {
		r := request{method: http.MethodGet, path: operation}
		a, err := c.do(ctx, r)
		if err != nil {
			return err
		}
		var state struct {
			Status string `json:"status"`
		}
		if err := decode(a.body, &state); err != nil {
			return c.unreadable(r, a, err)
		}
		switch state.Status {
		case "success":
			return nil
		case "fail":
			return ErrNotSynchronized
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}
