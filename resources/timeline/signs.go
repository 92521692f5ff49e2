package timeline

import "regexp"

// sign is what tells something of a pair.
type sign struct {
	from    string         // the program as it is told; "": as the log has it
	program string         // "": any
	text    *regexp.Regexp // nil: any
}

// units are those whose fate a pair's telephony hangs on.
const units = `(?i:asterisk|hotpair|postgresql|kamailio|nginx|wazo-|xivo-|freeswitch|keepalived)`

// signs are all that are known.
func signs() []sign {
	text := regexp.MustCompile
	return []sign{
		{"xivo-sysconfd", "", text(`Updating resilience state, from: ?\w+ to: ?\w+`)},
		{"", "xivocc-ha", nil},
		{"kamailio", "", text(`Destination (?i:down|up)\b`)},
		{"nginx", "", text(`upstream server temporarily disabled|no live upstreams`)},
		{"", "systemd", text(`^(Starting|Started|Stopping|Stopped|Failed to start|Reloading|Reloaded) .*` + units)},
		{"", "systemd", text(`^` + units + `\S*\.service: (Main process exited|Failed|Scheduled restart|Watchdog|State 'stop-)`)},
		{"", "systemd-shutdown", nil},
		{"", "kernel", text(`\bLink is (?i:up|down)\b|Out of memory: Killed process|\bLinux version \d`)},
	}
}

// tells is the program by which a line tells something; "": it does not.
func (s sign) tells(l line) string {
	if s.program != "" && s.program != l.program || s.text != nil && !s.text.MatchString(l.text) {
		return ""
	}
	if s.from == "" {
		return l.program
	}
	return s.from
}
