package host

import (
	"strings"
	"sync"
)

// Said keeps the last 4 KiB that a program wrote, also while it still runs.
type Said struct {
	mu   sync.Mutex
	tail tail
}

func (s *Said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tail.Write(p)
}

// Lines are the lines kept that are not blank, without control characters.
func (s *Said) Lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []string
	for line := range strings.Lines(string(s.tail.text)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, Printable(line))
		}
	}
	return lines
}
