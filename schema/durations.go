package schema

import (
	"fmt"
	"strings"
	"time"
)

const (
	timerF     = 32 * time.Second
	mostExpiry = 24 * time.Hour
)

// MaxNotice is the longest time after which a phone that registered just before
// its server died notices: it registers again when max is over, and gives up
// after SIP Timer F, 64*T1 = 32 s (RFC 3261 §17.1.2.2).
func MaxNotice(max time.Duration) time.Duration { return max + timerF }

func parseDuration(text string) (time.Duration, string) {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil && strings.Trim(text, "0123456789") == "" && text != "":
		return 0, "It has no unit. Write " + quote(text+"s") + " for seconds, or use m or h."
	case err != nil:
		return 0, quote(text) + " is not a duration. Write a number with a unit, such as \"90s\", \"4m\" or \"1h30m\"."
	case d <= 0:
		return 0, "A duration must be longer than nothing. Write one such as \"4m\"."
	case d%time.Second != 0:
		return 0, "A duration is in whole seconds. Round it to seconds."
	}
	return d, ""
}

func checkDuration(text string) string {
	_, wrong := parseDuration(text)
	return wrong
}

func checkExpiry(text string) string {
	d, wrong := parseDuration(text)
	if wrong == "" && d > mostExpiry {
		return "More than 24 hours: a phone would stay on a dead server for as long. Write a few minutes, such as \"4m\"."
	}
	return wrong
}

// short writes a duration the way ha.hcl does: "4m", "1h30m", "272s" as "4m32s".
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// Written is a duration the way ha.hcl has it, rounded up to whole seconds.
func Written(d time.Duration) string {
	return short((d + time.Second - 1).Truncate(time.Second))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%d s", int64(d/time.Second)) }
