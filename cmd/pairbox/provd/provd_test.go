package provd

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// asked is a server with three phones, and who asks it.
type asked struct {
	*Server
	t           *testing.T
	dir         string
	base, token string
	now         time.Time
}

func newAsked(t *testing.T) *asked {
	t.Helper()
	a := &asked{t: t, dir: t.TempDir(), now: time.Now()}
	err := Seed(a.dir, Seeding{Phones: 3, Own: "10.0.0.1", Others: map[string]string{"site2": "10.0.0.5"}})
	if err == nil {
		a.Server, err = New(Options{Dir: a.dir, ServiceID: "id", ServiceKey: "key", Now: func() time.Time { return a.now }})
	}
	if err == nil {
		a.base, err = a.Listen("127.0.0.1:0")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	req, err := http.NewRequest(http.MethodPost, a.base+"/auth/0.1/token", strings.NewReader(`{"expiration": 60}`))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("id", "key")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var given struct{ Data struct{ Token string } }
	if err := json.NewDecoder(res.Body).Decode(&given); err != nil {
		t.Fatal(err)
	}
	a.token = given.Data.Token
	return a
}

// ask calls the API and gives the status and the body.
func (a *asked) ask(method, path, body string) (int, string) {
	a.t.Helper()
	req, err := http.NewRequest(method, a.base+"/0.2"+path, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", a.token)
	req.Header.Set("Content-Type", mediaType)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	if location := res.Header.Get("Location"); location != "" {
		return res.StatusCode, location
	}
	return res.StatusCode, string(text)
}

// ids are the ids of a listing.
func (a *asked) ids(query string) []string {
	a.t.Helper()
	_, body := a.ask("GET", "/cfg_mgr/configs?"+query, "")
	var list struct{ Configs []struct{ ID string } }
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		a.t.Fatal(err, body)
	}
	var ids []string
	for _, d := range list.Configs {
		ids = append(ids, d.ID)
	}
	return ids
}

func TestQueries(t *testing.T) {
	a := newAsked(t)
	q := func(text string) string { return "q=" + url.QueryEscape(text) }
	for query, want := range map[string]int{
		"": 8, q(`{"X_type":"registrar"}`): 2, q(`{"X_type":`): 8, q(`[]`): 8,
		"q64=" + base64.URLEncoding.EncodeToString([]byte(`{"id":"autoprov"}`)): 1,
		q(`{"id":{"$in":["base","site2"]}}`):                                    2, q(`{"id":{"$nin":["base"]}}`): 7,
		q(`{"parent_ids":{"$contains":"base"}}`): 4, q(`{"raw_config.http_port":{"$gt":8000}}`): 1, q(`{"raw_config.http_port":{"$lt":8000}}`): 0,
		q(`{"transient":{"$exists":true}}`): 0, q(`{"X_type":{"$ne":"registrar"}}`): 6, "skip=6": 2, "limit=3": 3,
	} {
		if got := len(a.ids(query)); got != want {
			t.Errorf("%s gives %d documents, want %d", query, got, want)
		}
	}
	if got := a.ids("sort=id&sort_ord=DESC&limit=1"); got[0] != "site2" {
		t.Errorf("sorted: %v", got)
	}
	if _, body := a.ask("GET", "/cfg_mgr/configs?fields=deletable&limit=1&"+q(`{"id":"base"}`), ""); body != `{"configs":[{"deletable":false,"id":"base"}]}` {
		t.Errorf("fields: %s", body)
	}
}

func TestWritingIsReplacing(t *testing.T) {
	a := newAsked(t)
	for i, c := range []struct {
		method, path, body string
		status             int
	}{
		{"PUT", "/cfg_mgr/configs/site2", `{"config":{"id":"site2","parent_ids":[],"raw_config":{}}}`, 204},
		{"PUT", "/cfg_mgr/configs/site2", `{"config":{"id":"site2","parent_ids":[],"raw_config":{}}}`, 204},
		{"PUT", "/cfg_mgr/configs/site2", `{"config":{"id":"site2","parent_ids":[]}}`, 500},
		{"PUT", "/cfg_mgr/configs/site2", `{"config":{"id":"site2","parent_ids":[],"raw_config":{"nonsense":1}}}`, 500},
		{"PUT", "/cfg_mgr/configs/nobody", `{"config":{"id":"nobody","parent_ids":[],"raw_config":{}}}`, 404},
		{"POST", "/cfg_mgr/configs", `{"config":{"id":"site2","parent_ids":[],"raw_config":{}}}`, 400},
		{"POST", "/cfg_mgr/configs", `{"config":{"id":"new","parent_ids":["base"],"raw_config":{"X_n":1.50}}}`, 201},
		{"DELETE", "/cfg_mgr/configs/default", "", 403},
		{"DELETE", "/cfg_mgr/configs/site2", "", 204},
		{"GET", "/cfg_mgr/configs/site2", "", 404},
	} {
		if status, body := a.ask(c.method, c.path, c.body); status != c.status {
			t.Errorf("%d: %s %s: %d %s", i, c.method, c.path, status, body)
		}
	}
	if changed := a.Requests()[0].Changed && !a.Requests()[1].Changed; !changed {
		t.Errorf("log: %+v", a.Requests()[:2])
	}
	if _, body := a.ask("GET", "/cfg_mgr/configs/new/raw", ""); !strings.Contains(body, `"X_n":1.50`) || !strings.Contains(body, `"http_port":8667`) {
		t.Errorf("merged: %s", body)
	}
	if text, err := os.ReadFile(filepath.Join(a.dir, "configs/new")); err != nil || string(text) != `{"id":"new","parent_ids":["base"],"raw_config":{"X_n":1.50}}` {
		t.Errorf("on disk: %s, %v", text, err)
	}
}

func TestTokensAndMediaTypes(t *testing.T) {
	a := newAsked(t)
	if status, _ := a.ask("GET", "/status", ""); status != 200 {
		t.Errorf("status: %d", status)
	}
	req, err := http.NewRequest(http.MethodPut, a.base+"/0.2/cfg_mgr/configs/base", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", a.token)
	req.Header.Set("Content-Type", "application/json")
	if res, err := http.DefaultClient.Do(req); err != nil || res.StatusCode != 415 {
		t.Errorf("%v, %v", res, err)
	}
	a.now = a.now.Add(time.Minute)
	if status, body := a.ask("GET", "/cfg_mgr/configs", ""); status != 401 || strings.HasPrefix(body, "{") {
		t.Errorf("an old token: %d %s", status, body)
	}
}

func TestSynchronizing(t *testing.T) {
	a := newAsked(t)
	var device string
	for id := range a.devices {
		device = id
	}
	if status, _ := a.ask("POST", "/dev_mgr/synchronize", `{"id":"nobody"}`); status != 404 {
		t.Errorf("nobody: %d", status)
	}
	for _, want := range []string{"success", "fail"} {
		status, location := a.ask("POST", "/dev_mgr/synchronize", fmt.Sprintf(`{"id":%q}`, device))
		if status != 201 || !strings.HasPrefix(location, "/0.2/dev_mgr/synchronize/") {
			t.Fatalf("%d %s", status, location)
		}
		path := strings.TrimPrefix(location, "/0.2")
		_, first := a.ask("GET", path, "")
		_, second := a.ask("GET", path, "")
		if first != `{"status":"progress"}` || second != fmt.Sprintf(`{"status":%q}`, want) {
			t.Errorf("%s, then %s", first, second)
		}
		a.Unplug(device)
	}
	if a.Operations() != 2 {
		t.Errorf("%d operations", a.Operations())
	}
	if status, _ := a.ask("DELETE", "/dev_mgr/synchronize/1", ""); status != 204 || a.Operations() != 1 {
		t.Errorf("%d, %d operations", status, a.Operations())
	}
}

func TestAFreshPhoneGetsWhatAutoprovHas(t *testing.T) {
	a := newAsked(t)
	err := a.Change("autoprov", func(d Document) {
		d["raw_config"].(Document)["sip_lines"].(Document)["1"].(Document)["backup_proxy_ip"] = "10.0.0.2"
	})
	if err != nil {
		t.Fatal(err)
	}
	id, err := a.AutoCreate()
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := json.Marshal(a.Configs()[id]); !strings.HasPrefix(id, "autoprov") || !strings.Contains(string(text), "10.0.0.2") {
		t.Errorf("%s is %s", id, text)
	}
}
