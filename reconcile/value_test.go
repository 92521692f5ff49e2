package reconcile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const planted = "hunter2-s3cr3t"

func TestNoWayOfPrintingShowsASecret(t *testing.T) {
	v := Secret(planted)
	holders := map[string]any{
		"value": v, "pointer": &v, "state": State{"password": v},
		"change": Change{ID: ID{Kind: "k"}, Have: State{"password": v}, Want: State{"password": v}},
		"step":   Step{Change: Change{Want: State{"password": v}}}, "attributes": Change{Want: State{"password": v}}.Attributes(),
		"plan":    Plan{Steps: []Step{{Change: Change{Want: State{"password": v}}}}, looked: []Change{{Want: State{"password": v}}}},
		"outcome": Outcome{Done: []Step{{Change: Change{Want: State{"password": v}}}}}, "sealed": Seal(State{"password": v}, "salt"),
	}
	for name, h := range holders {
		for _, printed := range everyPrinting(t, h) {
			if strings.Contains(printed, planted) || strings.Contains(printed, fmt.Sprintf("%x", planted)) {
				t.Errorf("%s shows the secret: %s", name, printed)
			}
		}
	}
}

func everyPrinting(t *testing.T, v any) []string {
	t.Helper()
	var all []string
	for _, verb := range "vsqxXdtbcoOUeEfFgGp" {
		for _, flags := range []string{"", "+", "#", "-", " ", "0", "5"} {
			all = append(all, fmt.Sprintf("%"+flags+string(verb), v))
		}
	}
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", v)
	return append(all, string(text), b.String(), fmt.Sprint(v), fmt.Sprintln(v))
}

func TestPlainValuesPrintAsTheyAre(t *testing.T) {
	if got := fmt.Sprintf("%s %v %q", Text("a"), Text("b"), Text("c")); got != `a b "c"` {
		t.Errorf("got %s", got)
	}
	text, err := json.Marshal(State{"n": Text("1")})
	if err != nil || string(text) != `{"n":"1"}` {
		t.Errorf("got %s, %v", text, err)
	}
}

func TestSealedSecretsCompareAndCannotBeRead(t *testing.T) {
	s := State{"password": Secret(planted), "plain": Text("x")}
	same, other := Seal(s, "salt"), Seal(State{"password": Secret("else")}, "salt")
	if same["password"] != Seal(s, "salt")["password"] {
		t.Error("the same secret under the same salt gives two digests")
	}
	if same["password"] == other["password"] || same["password"] == Seal(s, "pepper")["password"] {
		t.Error("another secret or another salt gives the same digest")
	}
	if got := Seal(nil, "salt"); got != nil {
		t.Errorf("absent became %v", got)
	}
}
