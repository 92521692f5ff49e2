package timeline

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/hotpair/hotpair/resources/pattern"
)

// composed matches the name that `docker compose logs` puts before a line.
var composed = pattern.Lazy(`^([A-Za-z0-9_.-]+) *\| `)

// docker reads what docker put a time to: a line of its json-file driver,
// {"log": "text\n", "time": "2026-03-01T02:03:04.567Z"}; or of `docker logs -t`, a time
// with nanoseconds, after a name and a bar where compose wrote it.
func (c *calendar) docker(text string) (line, bool) {
	if strings.HasPrefix(text, `{"log":`) {
		var entry struct {
			Log  string    `json:"log"`
			Time time.Time `json:"time"`
		}
		if json.Unmarshal([]byte(text), &entry) != nil || entry.Time.IsZero() {
			return line{}, false
		}
		return line{at: entry.Time, program: "docker", text: entry.Log}, true
	}
	program := "docker"
	if m := composed().FindStringSubmatch(text); m != nil {
		program, text = m[1], text[len(m[0]):]
	}
	const nanoseconds = len("2026-03-01T02:03:04.123456789Z")
	if len(text) < nanoseconds || text[nanoseconds-1] != 'Z' {
		return line{}, false
	}
	at, rest, ok := c.iso(text)
	return line{at: at, program: program, text: strings.TrimSpace(rest)}, ok
}
