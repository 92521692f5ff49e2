package schema

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
)

// OnChange is the schedule of a replication that follows each change.
const OnChange = "on_change"

// checkSchedule accepts when hotpair replicates: what cron(8) takes, and what
// hotpair's own daemon takes besides.
func checkSchedule(text string) string {
	rest, repeats := strings.CutPrefix(text, "@every")
	switch {
	case text == OnChange:
		return ""
	case DidYouMean(text, []string{OnChange}) != "":
		return quote(text) + " is not a schedule." + DidYouMean(text, []string{OnChange})
	case repeats:
		return checkEvery(rest)
	}
	return checkCron(text)
}

func checkEvery(rest string) string {
	d, wrong := parseDuration(strings.TrimPrefix(rest, " "))
	switch {
	case wrong != "" || !strings.HasPrefix(rest, " "):
		return "After @every stands a duration with a unit, such as \"@every 15m\"."
	case d < 10*time.Second || d > 7*24*time.Hour:
		return "@every takes from 10s to 168h. Write on_change for a copy after each change."
	}
	return ""
}

// checkCron accepts what cron(8) takes in /etc/cron.d: five fields or one
// of the words for a period. The text goes there as it is, so nothing passes
// that could end the line. Lists and ranges of names are taken as Debian's cron
// takes them, although crontab(5) promises single names only.
func checkCron(text string) string {
	words := []string{"@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"}
	switch {
	case slices.Contains(words, text):
		return ""
	case text == "":
		return "It is empty. Write five fields, such as \"0 * * * *\" for every full hour."
	case text == OnChange:
		return "on_change is for replication alone. Write five fields, such as \"* * * * *\"."
	case strings.HasPrefix(text, "@every"):
		return "cron(8) has no @every. Write five fields, such as \"*/15 * * * *\" for every 15 minutes."
	case text == "@reboot":
		return "@reboot runs once when the node starts and then never. Write five fields, such as \"0 * * * *\"."
	case strings.HasPrefix(text, "@"):
		return quote(text) + " is not a period that cron(8) has. It has " + alternatives(words) + "." + DidYouMean(text, words)
	case strings.Contains(text, "TZ="):
		return "A schedule has no time zone: cron(8) takes the node's. Write the five fields alone, in the node's time."
	}
	return checkFields(strings.Fields(text), text)
}

func checkFields(fields []string, text string) string {
	if len(text) > 256 || !regexp.MustCompile(`^[0-9A-Za-z*/,\- ]+$`).MatchString(text) {
		return "A schedule consists of digits, names of months and days, and * / , - with spaces between the fields; the command and the user are not part of it."
	}
	if len(fields) != 5 {
		return "cron(8) takes five fields, this has " + strconv.Itoa(len(fields)) + ". They are minute, hour, day of month, month and day of week, such as \"0 * * * *\"; seconds, the user and the command are not among them."
	}
	for i, field := range fields {
		if wrong := checkField(i, field); wrong != "" {
			return wrong
		}
	}
	fields[4] = sundays(fields[4])
	return checkFires(strings.Join(fields, " "))
}

// The forms of an element of a field: numbers alone, or with names.
var (
	inNumbers = elementOf(`\d{1,2}`)
	ofMonths  = elementOf(`\d{1,2}`, `(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`)
	ofDays    = elementOf(`\d{1,2}`, `(sun|mon|tue|wed|thu|fri|sat)`)
)

func elementOf(forms ...string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp {
		all := `\*(/\d{1,2})?`
		for i, form := range forms {
			all += `|` + form + `|` + form + `-` + form
			if i == 0 {
				all += `(/\d{1,2})?`
			}
		}
		return regexp.MustCompile(`^(?i:` + all + `)$`)
	})
}

func checkField(index int, field string) string {
	name := []string{"minute", "hour", "day of month", "month", "day of week"}[index]
	form := []func() *regexp.Regexp{inNumbers, inNumbers, inNumbers, ofMonths, ofDays}[index]()
	for element := range strings.SplitSeq(field, ",") {
		if !form.MatchString(element) {
			return "The field " + name + ", " + quote(field) + ", is not understood. Write *, */5, 3, 1-5, 1-5/2, or several of them with commas."
		}
	}
	return ""
}

// sundays rewrites a day-of-week field that uses 7 for Sunday, which cron(8)
// takes and robfig/cron does not, into one that uses 0.
func sundays(field string) string {
	var out []string
	for element := range strings.SplitSeq(field, ",") {
		bounds, step, _ := strings.Cut(element, "/")
		first, last, ranged := strings.Cut(bounds, "-")
		from, err := strconv.Atoi(first)
		switch {
		case bounds == "7":
			out = append(out, "0")
		case ranged && last == "7" && err == nil && from <= 7:
			out = append(out, daysTo7(from, step)...)
		default:
			out = append(out, element)
		}
	}
	return strings.Join(out, ",")
}

// daysTo7 lists the days from one to Sunday. A step that is no step stays for
// robfig/cron to refuse.
func daysTo7(from int, step string) []string {
	width, err := strconv.Atoi(step)
	if step == "" {
		width, err = 1, nil
	}
	if err != nil || width < 1 {
		return []string{"*/" + step}
	}
	var out []string
	for day := from; day <= 7; day += width {
		out = append(out, strconv.Itoa(day%7))
	}
	return out
}

// checkFires looks whether a schedule is ever due, from a fixed day on: what it
// says does not depend on when it is said. robfig/cron panics on some texts.
func checkFires(text string) (wrong string) {
	defer func() {
		if recover() != nil {
			wrong = "This schedule is not understood. Write five fields, such as \"0 * * * *\"."
		}
	}()
	parsed, err := cron.ParseStandard(text)
	if err != nil {
		return "A number in this schedule is out of its range: minute 0-59, hour 0-23, day of month 1-31, month 1-12, day of week 0-7; a step is at least 1, and a range goes upwards."
	}
	if parsed.Next(time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return "This schedule never fires: no month that it names has such a day. Correct the day of month or the month."
	}
	return ""
}
