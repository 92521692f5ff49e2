package timeline

import (
	"time"

	"github.com/hotpair/hotpair/resources/pattern"
)

// calendar completes times that a log writes in part.
type calendar struct {
	zone   *time.Location // of times that name none
	latest time.Time      // that a line can be of

	zoneless, yearless bool // such times were seen
}

// ahead is how much later than the last change of its file a line may be dated,
// by another zone or a clock that is wrong.
const ahead = 24 * time.Hour

// leaps is the longest time without a 29 February, in years (Gregorian calendar,
// around 2100).
const leaps = 8

// dated is a time without a year, in the latest year that it can be of.
func (c *calendar) dated(month time.Month, day int, clock time.Time) (time.Time, bool) {
	last := c.latest.Add(ahead).In(c.zone)
	for year := last.Year(); year > last.Year()-1-leaps; year-- {
		at := time.Date(year, month, day, clock.Hour(), clock.Minute(), clock.Second(), clock.Nanosecond(), c.zone)
		if at.Month() == month && at.Day() == day && !at.After(last) {
			c.zoneless, c.yearless = true, true
			return at, true
		}
	}
	return time.Time{}, false
}

// stamp matches a time as ISO 8601 and its neighbours write it: T or a space
// between date and clock, a fraction after a point or a comma, a zone or none.
var stamp = pattern.Lazy(`^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|UTC|[+-]\d\d:?\d\d)\b)?`)

// iso reads such a time, and gives what follows it.
func (c *calendar) iso(text string) (at time.Time, rest string, ok bool) {
	m := stamp().FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, "", false
	}
	layout, value := "2006-01-02 15:04:05", m[1]+" "+m[2]
	if m[3] != "" {
		layout, value = layout+".999999999", value+"."+m[3]
	}
	zone, named := c.zone, false
	switch z := m[4]; {
	case z == "Z", z == "UTC":
		zone, named = time.UTC, true
	case len(z) == 5:
		layout, value, named = layout+"-0700", value+z, true
	case z != "":
		layout, value, named = layout+"-07:00", value+z, true
	}
	at, err := time.ParseInLocation(layout, value, zone)
	if err != nil {
		return time.Time{}, "", false
	}
	c.zoneless = c.zoneless || !named
	return at, text[len(m[0]):], true
}
