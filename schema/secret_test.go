package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretsArePrintedNowhere(t *testing.T) {
	c := load(t, source(minimal+"provisioning {\n  token = \"s3cr3t-1\"\n  url = \"http://u:s3cr3t-2@127.0.0.1\"\n}\ndatabase {\n  url = \"postgres://u:s3cr3t-3@/db\"\n}\n")...)
	var out bytes.Buffer
	for _, v := range []any{c, *c, c.Provisioning, &c.Provisioning, c.Database.URL, &c.Database.URL, []Secret{c.Database.URL}, map[Secret]Secret{c.Database.URL: c.Database.URL}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T %p", "%08.3f"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("a", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("a", "v", v)
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := c.Database.URL.MarshalText()
	out.Write(text)
	out.Write(raw)
	out.WriteString(c.Database.URL.String() + c.Database.URL.GoString() + fmt.Sprint(c.Database.URL.LogValue()))
	for _, planted := range []string{"s3cr3t", "733363723374", "s3cr3t-3"} {
		if strings.Contains(strings.ToLower(out.String()), planted) {
			t.Errorf("%s is shown", planted)
		}
	}
	if !strings.Contains(out.String(), "(secret)") || c.Database.URL.Reveal() != "postgres://u:s3cr3t-3@/db" {
		t.Error("no sign of a secret, or no secret")
	}
}
