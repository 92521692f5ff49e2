package provd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"unicode"
)

// Document is a document of the daemon. Its numbers are json.Number, so that
// they go back as they came.
type Document = map[string]any

// Device is a phone that the daemon knows.
type Device struct {
	ID         string
	Config     string // the id of its document; empty: none
	Configured bool
	// Vendor, Model and Plugin are what it is and what it is configured by; empty
	// where that is not known.
	Vendor, Model, Plugin string
	// Address is by which it can be told from others: its MAC address.
	Address string
}

// Configs lists documents, in one request. The query is a pattern such as
// {"X_type": "registrar"}; nil is everything. Documents that do not match may
// be among them.
func (c *Client) Configs(ctx context.Context, query map[string]any) ([]Document, error) {
	return c.list(ctx, []string{"cfg_mgr", "configs"}, "configs", query)
}

// Devices lists the phones.
func (c *Client) Devices(ctx context.Context) ([]Device, error) {
	list, err := c.list(ctx, []string{"dev_mgr", "devices"}, "devices", nil)
	devices := make([]Device, len(list))
	for i, d := range list {
		text := func(key string) string { s, _ := d[key].(string); return s }
		devices[i] = Device{ID: text("id"), Config: text("config"), Vendor: text("vendor"), Model: text("model"), Plugin: text("plugin"), Address: text("mac")}
		devices[i].Configured, _ = d["configured"].(bool)
	}
	return devices, err
}

func (c *Client) list(ctx context.Context, path []string, key string, query map[string]any) ([]Document, error) {
	r := request{method: http.MethodGet, path: path}
	if query != nil {
		text, err := json.Marshal(query)
		if err != nil {
			return nil, err
		}
		r.query = url.Values{"q": {string(text)}}
	}
	a, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	list, err := decodeList(a.body, key)
	return list, c.unreadable(r, a, err)
}

// Config gives one document.
func (c *Client) Config(ctx context.Context, id string) (Document, error) {
	if err := checkID(id); err != nil {
		return nil, err
	}
	r := request{method: http.MethodGet, path: []string{"cfg_mgr", "configs", id}}
	a, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	d, err := decodeOne(a.body, "config")
	if err == nil && d["id"] != id {
		err = errors.New("it is another document than was asked for")
	}
	return d, c.unreadable(r, a, err)
}

// Put replaces the document that has the same id.
func (c *Client) Put(ctx context.Context, d Document) error {
	id, _ := d["id"].(string)
	if err := checkID(id); err != nil {
		return err
	}
	_, err := c.do(ctx, request{method: http.MethodPut, path: []string{"cfg_mgr", "configs", id}, body: map[string]any{"config": d}})
	return err
}

// unreadable names an answer that is not what the API gives.
func (c *Client) unreadable(r request, a answer, err error) error {
	switch {
	case err == nil:
		return nil
	case strings.Contains(a.media, "html"):
		return fmt.Errorf("%s: %s is answered with an HTML page: is that the provisioning daemon's API?", c.name(), r)
	}
	return fmt.Errorf("%s: %s: reading the answer: %w", c.name(), r, err)
}

// checkID refuses what cannot be an element of a path.
func checkID(id string) error {
	if id == "" || id == "." || id == ".." || strings.ContainsAny(id, "/\\") || strings.ContainsFunc(id, unicode.IsControl) {
		return fmt.Errorf("%q cannot be the id of a document", id)
	}
	return nil
}

// decodeList reads {"KEY": [{"id": …}, …]}: objects, each with an id of its own.
func decodeList(body []byte, key string) ([]Document, error) {
	var answer map[string]json.RawMessage
	if err := decode(body, &answer); err != nil {
		return nil, err
	}
	text, there := answer[key]
	if !there || !bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		return nil, fmt.Errorf("it has no list %q", key)
	}
	var list []Document
	if err := decode(text, &list); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, d := range list {
		id, _ := d["id"].(string)
		if err := checkID(id); err != nil {
			return nil, err
		}
		if seen[id] {
			return nil, fmt.Errorf("two documents have the id %q", id)
		}
		seen[id] = true
	}
	return list, nil
}

// decodeOne reads {"KEY": {…}}.
func decodeOne(body []byte, key string) (Document, error) {
	var answer map[string]Document
	if err := decode(body, &answer); err != nil {
		return nil, err
	}
	if answer[key] == nil {
		return nil, fmt.Errorf("it has no object %q", key)
	}
	return answer[key], nil
}

func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return errors.New("it is not the JSON that was expected")
	}
	if d.More() {
		return errors.New("something follows the JSON")
	}
	return nil
}

// Each calls do for 0 to n-1, a few at a time. The first error keeps further
// ones from being started; those under way are waited for. Of several errors the
// one of the lowest number is returned, whichever came first.
func (c *Client) Each(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	var mu sync.Mutex
	var failed error
	next, lowest := 0, n
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		if failed == nil {
			failed = ctx.Err()
		}
		next++
		return next - 1, failed == nil && next <= n
	}
	var all sync.WaitGroup
	for range min(parallel, n) {
		all.Go(func() {
			for i, more := take(); more; i, more = take() {
				if err := do(ctx, i); err != nil {
					mu.Lock()
					if i < lowest {
						failed, lowest = err, i
					}
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	return failed
}
