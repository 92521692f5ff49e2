package provd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// tokenLife is asked for; wazo-auth's own default.
const tokenLife = 2 * time.Hour

// tokens gives one token at a time to everybody.
type tokens struct {
	options Options
	read    func(path string) ([]byte, error)
	http    *http.Client
	now     func() time.Time

	mu    sync.Mutex
	token string
	renew time.Time
}

// renewable tells whether another token could be had.
func (t *tokens) renewable() bool { return t.options.Token == "" }

// drop forgets a token that was refused.
func (t *tokens) drop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token = ""
}

// get gives a token that lives for at least a tenth of its time.
func (t *tokens) get(ctx context.Context) (string, error) {
	if t.options.Token != "" {
		return t.options.Token, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token != "" && t.now().Before(t.renew) {
		return t.token, nil
	}
	token, end, err := t.ask(ctx)
	if err != nil {
		return "", fmt.Errorf("asking wazo-auth for a token: %w", err)
	}
	now := t.now()
	t.token, t.renew = token, now.Add(end.Sub(now)*9/10)
	return token, nil
}

func (t *tokens) ask(ctx context.Context) (token string, end time.Time, err error) {
	text, err := t.read(t.options.KeyFile)
	if err != nil {
		return "", end, err
	}
	id, key, err := serviceKey(text)
	if err != nil {
		return "", end, err
	}
	body, err := json.Marshal(map[string]any{"expiration": int(tokenLife.Seconds())})
	if err != nil {
		return "", end, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(t.options.AuthURL, "/")+"/token", bytes.NewReader(body))
	if err != nil {
		return "", end, errors.New("its URL is not one")
	}
	req.SetBasicAuth(id, key)
	req.Header.Set("Content-Type", "application/json")
	a, err := send(t.http, req)
	switch {
	case err != nil:
		return "", end, err
	case a.status == http.StatusUnauthorized:
		return "", end, errors.New("it does not know the service key: check the key file, or make the key anew")
	case a.status != http.StatusOK:
		return "", end, fmt.Errorf("it answers %d%s", a.status, said(a))
	}
	return decodeToken(a.body)
}

// decodeToken reads wazo-auth's answer. utc_expires_at is in UTC without saying
// so; expires_at is local time, and of no use.
func decodeToken(body []byte) (token string, end time.Time, err error) {
	var answer struct {
		Data struct {
			Token string `json:"token"`
			End   string `json:"utc_expires_at"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Data.Token == "" || strings.ContainsAny(answer.Data.Token, "\r\n") {
		return "", end, errors.New("its answer holds no token")
	}
	end, err = time.Parse("2006-01-02T15:04:05", answer.Data.End)
	if err != nil {
		return "", end, errors.New("its answer does not say when the token ends")
	}
	return answer.Data.Token, end, nil
}

// serviceKey reads a key file: two lines of YAML.
func serviceKey(text []byte) (id, key string, err error) {
	found := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		value = strings.TrimSpace(value)
		if n := len(value); n > 1 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
			value = value[1 : n-1]
		}
		found[name] = value
	}
	id, key = found["service_id"], found["service_key"]
	if id == "" || key == "" {
		return "", "", errors.New("the key file must say service_id and service_key, each on a line")
	}
	return id, key, nil
}
