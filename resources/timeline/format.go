package timeline

import "time"

// line is one of a log, as far as it is understood.
type line struct {
	at      time.Time
	program string // that wrote it; "": not told
	level   string
	text    string
	told    bool // each line of this format tells something
}

// format is a shape of lines.
type format struct {
	kind, about string
	read        func(c *calendar, text string) (line, bool)
}

// formats are all that are known; the first that can read a line reads it.
func formats() []format {
	return []format{
		{"record", "hotpair's own record, /var/lib/hotpair/events.jsonl", (*calendar).record},
		{"docker", "docker's JSON files, docker logs -t, docker compose logs -t", (*calendar).docker},
		{"python", "xivo-sysconfd.log and others of Python's logging", (*calendar).python},
		{"nginx", "nginx's error log", (*calendar).nginx},
		{"syslog", "syslog with its traditional time, without year and zone", (*calendar).syslog},
		{"iso", "syslog with ISO 8601 times, journalctl -o short-iso", (*calendar).shortISO},
	}
}

// Kinds are the formats that a file can be said to have, each with what it is.
func Kinds() (kinds, about []string) {
	for _, f := range formats() {
		kinds, about = append(kinds, f.kind), append(about, f.about)
	}
	return kinds, about
}
