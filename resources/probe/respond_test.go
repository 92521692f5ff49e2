package probe_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/resources/probe"
)

// respond is a right answer to a request, changed by pairs of old and new text.
func respond(status, request string, change ...string) string {
	var lines []string
	for line := range strings.SplitSeq(request, "\r\n") {
		name, _, _ := strings.Cut(line, ":")
		switch name {
		case "Via", "From", "To", "Call-ID", "CSeq":
			lines = append(lines, line)
		}
	}
	text := fmt.Sprintf("SIP/2.0 %s\r\n%s\r\nContent-Length: 0\r\n\r\n", status, strings.Join(lines, "\r\n"))
	return strings.NewReplacer(change...).Replace(text)
}

// always answers each request so.
func always(status string, change ...string) answers {
	return func(_ int, request string) []string { return []string{respond(status, request, change...)} }
}

// field is what a pattern's group finds in a request.
func field(t *testing.T, request, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(request)
	if found == nil {
		t.Fatalf("no %s in %q", pattern, request)
	}
	return found[1]
}

// each starts a responder of either transport, and its probe.
func each(t *testing.T, answer answers, do func(t *testing.T, r *responder, a probe.Asker)) {
	t.Run("udp", func(t *testing.T) {
		t.Parallel()
		r := overUDP(t, "127.0.0.1", answer)
		udp, _ := both(r.At)
		do(t, r, udp)
	})
	t.Run("tcp", func(t *testing.T) {
		t.Parallel()
		r := overTCP(t, "127.0.0.1", answer)
		_, tcp := both(r.At)
		defer tcp.Close()
		do(t, r, tcp)
	})
}
