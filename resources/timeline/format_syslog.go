package timeline

import (
	"strings"
	"time"
)

// syslog reads a line as rsyslog and the journal write it by default: "Mar  1
// 02:03:04 host program[12]: text" (RFC 3164, section 4.1).
func (c *calendar) syslog(text string) (line, bool) {
	const layout = "Jan _2 15:04:05"
	if len(text) <= len(layout) || text[len(layout)] != ' ' {
		return line{}, false
	}
	clock, err := time.Parse(layout, text[:len(layout)])
	if err != nil {
		return line{}, false
	}
	at, ok := c.dated(clock.Month(), clock.Day(), clock)
	if !ok {
		return line{}, false
	}
	return said(at, text[len(layout)+1:])
}

// shortISO reads the same with a full time: "2026-03-01T02:03:04.567+01:00 host
// program[12]: text" (rsyslog's RSYSLOG_FileFormat; journalctl(1), short-iso).
func (c *calendar) shortISO(text string) (line, bool) {
	at, rest, ok := c.iso(text)
	if !ok || !strings.HasPrefix(rest, " ") {
		return line{}, false
	}
	return said(at, rest[1:])
}

// said takes host and program off what follows a time.
func said(at time.Time, rest string) (line, bool) {
	l := line{at: at, text: rest}
	if _, after, ok := strings.Cut(rest, " "); ok {
		tag, text, ok := strings.Cut(after, ": ")
		if name, _, _ := strings.Cut(tag, "["); ok && name != "" && !strings.Contains(name, " ") {
			l.program, l.text = name[strings.LastIndexByte(name, '/')+1:], text
		}
	}
	return l, true
}
