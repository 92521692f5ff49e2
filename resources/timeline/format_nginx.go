package timeline

import (
	"strings"
	"time"

	"github.com/hotpair/hotpair/resources/pattern"
)

var nginxRest = pattern.Lazy(`^ \[([a-z]+)\] \d+#\d+: `)

// nginx reads a line of an error log: "2026/03/01 02:03:04 [warn] 12#12: *1 text".
func (c *calendar) nginx(text string) (line, bool) {
	const layout = "2006/01/02 15:04:05"
	if len(text) <= len(layout) {
		return line{}, false
	}
	at, err := time.ParseInLocation(layout, text[:len(layout)], c.zone)
	if err != nil {
		return line{}, false
	}
	c.zoneless = true
	l := line{at: at, program: "nginx", text: strings.TrimSpace(text[len(layout):])}
	if m := nginxRest().FindStringSubmatch(text[len(layout):]); m != nil {
		l.level, l.text = strings.ToUpper(m[1]), text[len(layout)+len(m[0]):]
	}
	return l, true
}
