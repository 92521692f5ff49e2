package crontab

import (
	"regexp"

	"github.com/hotpair/hotpair/resources/pattern"
)

// A comment in prose is no job that was commented out, so that fields are
// checked as cron does.
var (
	userName = pattern.Lazy(`^[A-Za-z0-9_][A-Za-z0-9_.-]*[$]?$`)

	nickname   = pattern.Lazy(`^@(?:reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)$`)
	minute     = listOf(`[0-5]?[0-9]`)
	hour       = listOf(`2[0-3]|[01]?[0-9]`)
	dayOfMonth = listOf(`3[01]|[12][0-9]|0?[1-9]`)
	month      = listOf(`1[0-2]|0?[1-9]|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`)
	dayOfWeek  = listOf(`0?[0-7]|(?i:sun|mon|tue|wed|thu|fri|sat)`)
)

// listOf matches a list of numbers, ranges and steps. Between the ends of a
// range may stand a tilde: cronie then takes any one of them.
func listOf(number string) func() *regexp.Regexp {
	item := `(?:\*|(?:` + number + `)(?:[-~](?:` + number + `))?)(?:/[0-9]*[1-9][0-9]*)?`
	return pattern.Lazy(`^` + item + `(?:,` + item + `)*$`)
}

func validSchedule(fields []string) bool {
	if len(fields) == 1 {
		return nickname().MatchString(fields[0])
	}
	for i, field := range []func() *regexp.Regexp{minute, hour, dayOfMonth, month, dayOfWeek} {
		if !field().MatchString(fields[i]) {
			return false
		}
	}
	return true
}
