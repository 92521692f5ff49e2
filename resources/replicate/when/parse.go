package when

import (
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// onChange is the schedule of a job that has no times.
const onChange = "on_change"

// parse reads a schedule; nil where it is none, or where robfig/cron panics. Its
// location is that of the time it is asked with.
func parse(schedule string) (s cron.Schedule) {
	defer func() {
		if recover() != nil {
			s = nil
		}
	}()
	fields := strings.Fields(schedule)
	switch {
	case strings.HasPrefix(schedule, "@"):
		return standard(schedule)
	case len(fields) != 5:
		return nil
	}
	spec, is := standard(strings.Join(fields[:4], " ") + " *").(*cron.SpecSchedule)
	days := weekdays(fields[4])
	if !is || days == 0 {
		return nil
	}
	spec.Dom, spec.Dow = star(spec.Dom, fields[2]), star(days, fields[4])
	return spec
}

func standard(text string) cron.Schedule {
	s, err := cron.ParseStandard(text)
	if err != nil {
		return nil
	}
	return s
}

// starred is robfig/cron's mark of a field that matches whatever it is.
const starred = 1 << 63

func star(bits uint64, field string) uint64 {
	if strings.HasPrefix(field, "*") {
		return bits | starred
	}
	return bits &^ starred
}

// weekdays reads the days of the week. They are read as hours, because the hours
// include 7.
func weekdays(field string) uint64 {
	field = strings.ToLower(field)
	for day := time.Sunday; day <= time.Saturday; day++ {
		field = strings.ReplaceAll(field, strings.ToLower(day.String()[:3]), strconv.Itoa(int(day)))
	}
	spec, is := standard("0 " + field + " * * *").(*cron.SpecSchedule)
	if !is {
		return 0
	}
	return spec.Hour&0x7f | spec.Hour>>7&1
}

// wild tells whether a schedule goes by real time when the clock is changed.
func wild(schedule string) bool {
	fields := append(strings.Fields(schedule), "", "")
	return fields[0] == "@hourly" || strings.HasPrefix(fields[0], "*") || strings.HasPrefix(fields[1], "*")
}
