package provd

import (
	"encoding/json"
	"reflect"
	"testing"
)

// What is accepted must go back to the daemon as it came.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		`{"configs":[{"id":"default","X_type":"registrar","n":1.50,"big":123456789012345678901234567890}]}`,
		`{"configs":[{"id":"a"},{"id":"a"}]}`, `{"configs":null}`, `{"configs":[null]}`, `{"configs":[{"id":".."}]}`, `{"config":{"id":"a"}}`,
		`{"configs":[{"id":"a","raw_config":{"sip_lines":[]}}]}x`, "<html>", "", `{"data":{"token":"t","utc_expires_at":"2026-01-02T03:04:05.1"}}`,
		"service_id: a\nservice_key: \"b\"\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if list, err := decodeList(body, "configs"); err == nil {
			text, err := json.Marshal(map[string]any{"configs": list})
			if err != nil {
				t.Fatal(err)
			}
			again, err := decodeList(text, "configs")
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(list, again) {
				t.Errorf("%q comes back as %q", body, text)
			}
		}
		if d, err := decodeOne(body, "config"); err == nil && d == nil {
			t.Error("no document and no error")
		}
		if token, _, err := decodeToken(body); err == nil && token == "" {
			t.Error("an empty token")
		}
		if id, key, err := serviceKey(body); err == nil && (id == "" || key == "") {
			t.Error("an empty key")
		}
	})
}
