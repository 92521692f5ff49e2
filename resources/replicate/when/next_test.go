package when

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func zone(t rapid.TB, name string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

// at is a time as a test writes it: with its offset, where a clock shows it twice.
func at(t rapid.TB, location *time.Location, text string) time.Time {
	t.Helper()
	if moment, err := time.Parse("2006-01-02 15:04:05 -0700", text); err == nil {
		return moment.In(location)
	}
	moment, err := time.ParseInLocation("2006-01-02 15:04:05", text, location)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func TestNextWhenTheClockIsChanged(t *testing.T) {
	for _, test := range []struct {
		zone, schedule, after string
		want                  []string
	}{
		// A fixed time that spring skips comes at the change, once.
		{"Europe/Paris", "30 2 * * *", "2026-03-28 00:00:00", []string{"2026-03-28 02:30 +0100", "2026-03-29 03:00 +0200", "2026-03-30 02:30 +0200"}},
		{"Europe/Paris", "0,30 2,3 * * *", "2026-03-29 00:00:00", []string{"2026-03-29 03:00 +0200", "2026-03-29 03:30 +0200", "2026-03-30 02:00 +0200"}},
		{"America/New_York", "15 2 * * 0", "2026-03-07 12:00:00", []string{"2026-03-08 03:00 -0400", "2026-03-15 02:15 -0400"}},
		{"Australia/Sydney", "59 2 * * *", "2026-10-04 00:00:00", []string{"2026-10-04 03:00 +1100", "2026-10-05 02:59 +1100"}},
		{"Australia/Lord_Howe", "15 2 * * *", "2026-10-04 00:00:00", []string{"2026-10-04 02:30 +1100", "2026-10-05 02:15 +1100"}},
		{"America/Santiago", "@daily", "2026-09-05 12:00:00", []string{"2026-09-06 01:00 -0300", "2026-09-07 00:00 -0300"}},
		// One that autumn repeats comes once, in the first hour.
		{"Europe/Paris", "30 2 * * *", "2026-10-25 00:00:00", []string{"2026-10-25 02:30 +0200", "2026-10-26 02:30 +0100"}},
		{"Europe/Paris", "30 2 * * *", "2026-10-25 02:10:00 +0100", []string{"2026-10-26 02:30 +0100"}},
		{"Europe/Paris", "0 3 * * *", "2026-10-25 00:00:00", []string{"2026-10-25 03:00 +0100", "2026-10-26 03:00 +0100"}},
		{"America/New_York", "30 1 * * *", "2026-11-01 00:00:00", []string{"2026-11-01 01:30 -0400", "2026-11-02 01:30 -0500"}},
		{"Australia/Sydney", "30 2 * * *", "2026-04-05 00:00:00", []string{"2026-04-05 02:30 +1100", "2026-04-06 02:30 +1000"}},
		{"Australia/Lord_Howe", "45 1 * * *", "2026-04-05 00:00:00", []string{"2026-04-05 01:45 +1100", "2026-04-06 01:45 +1030"}},
		{"America/Havana", "@midnight", "2026-10-31 12:00:00", []string{"2026-11-01 00:00 -0400", "2026-11-02 00:00 -0500"}},
		// A star in the minute or the hour goes by real time.
		{"Europe/Paris", "0 * * * *", "2026-03-29 01:00:00", []string{"2026-03-29 03:00 +0200", "2026-03-29 04:00 +0200"}},
		{"Europe/Paris", "0 * * * *", "2026-10-25 01:30:00", []string{"2026-10-25 02:00 +0200", "2026-10-25 02:00 +0100", "2026-10-25 03:00 +0100"}},
		{"Europe/Paris", "@hourly", "2026-10-25 01:30:00", []string{"2026-10-25 02:00 +0200", "2026-10-25 02:00 +0100", "2026-10-25 03:00 +0100"}},
		{"Europe/Paris", "*/30 2 * * *", "2026-10-25 00:00:00", []string{"2026-10-25 02:00 +0200", "2026-10-25 02:30 +0200", "2026-10-25 02:00 +0100", "2026-10-25 02:30 +0100", "2026-10-26 02:00 +0100"}},
		{"Europe/Paris", "*/30 2 * * *", "2026-03-29 00:00:00", []string{"2026-03-30 02:00 +0200"}},
		{"Europe/Paris", "0 */2 * * *", "2026-03-29 00:30:00", []string{"2026-03-29 04:00 +0200"}},
		{"Australia/Lord_Howe", "0 * * * *", "2026-04-05 00:30:00", []string{"2026-04-05 01:00 +1100", "2026-04-05 02:00 +1030"}},
		// A day that is left out at the date line is no summer time.
		{"Pacific/Apia", "30 2 30 12 *", "2011-12-01 00:00:00", []string{"2012-12-30 02:30 +1400"}},
		// @every knows no clock.
		{"Europe/Paris", "@every 90m", "2026-03-29 01:00:00", []string{"2026-03-29 03:30 +0200", "2026-03-29 05:00 +0200"}},
	} {
		location := zone(t, test.zone)
		after := at(t, location, test.after)
		var got []string
		for range test.want {
			after = Next(test.schedule, after)
			got = append(got, after.Format("2006-01-02 15:04 -0700"))
			if after.Location() != location {
				t.Errorf("%s: %s is in %s", test.schedule, after, after.Location())
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s in %s after %s: %q, not %q", test.schedule, test.zone, test.after, got, test.want)
		}
	}
}

func TestNextReadsWhatCronReads(t *testing.T) {
	for schedule, want := range map[string]string{
		"0 12 * * 7":      "2026-01-04 12:00", // Sunday
		"0 12 * * 0":      "2026-01-04 12:00",
		"0 12 * * sun":    "2026-01-04 12:00",
		"0 12 * * 6-7":    "2026-01-03 12:00",
		"0 12 * * 5-7/2":  "2026-01-02 12:00",
		"0 12 * * Fri-7":  "2026-01-02 12:00",
		"0 12 * * */7":    "2026-01-04 12:00",
		"0 12 * jan MON":  "2026-01-05 12:00",
		"0 12 13 * 5":     "2026-01-02 12:00", // either is enough
		"0 12 13,* * 5":   "2026-01-01 12:00", // and this begins with no star
		"0 12 13 * *":     "2026-01-13 12:00",
		"0 12 */2 * 5":    "2026-01-09 12:00", // an odd day that is a Friday
		"0 12 13 * */5":   "2026-02-13 12:00", // the 13th, a Friday (or a Sunday)
		"0 0 29 2 *":      "2028-02-29 00:00",
		"@weekly":         "2026-01-04 00:00",
		"@monthly":        "2026-02-01 00:00",
		"@yearly":         "2027-01-01 00:00",
		"@annually":       "2027-01-01 00:00",
		" 0  12  *\t* * ": "2026-01-01 12:00",
	} {
		if got := Next(schedule, time.Date(2026, 1, 1, 0, 0, 0, 1, time.UTC)).Format("2006-01-02 15:04"); got != want {
			t.Errorf("%s: %s, not %s", schedule, got, want)
		}
	}
	if got := Next("0 0 29 2 *", time.Date(2096, 3, 1, 0, 0, 0, 0, time.UTC)); got.Year() != 2104 {
		t.Errorf("the 29th of February after 2096: %s", got)
	}
	if got := Next("0 0 29 2 */7", time.Date(2088, 3, 1, 0, 0, 0, 0, time.UTC)); got.Year() != 2128 {
		t.Errorf("a Sunday the 29th of February after 2088: %s", got)
	}
}

func TestNextOfWhatIsNoSchedule(t *testing.T) {
	for _, schedule := range []string{
		"", "on_change", "@reboot", "@every", "@every x", "@", "CRON_TZ=Europe/Paris", "TZ=", "CRON_TZ=", "CRON_TZ=UTC 0 0 * * *", "TZ=UTC 0 * * *",
		"0 0 31 2 *", "0 0 * *", "0 0 * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * x", "* * * * 1-", "*/0 * * * *", "* * * * 8",
	} {
		if got := Next(schedule, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); !got.IsZero() {
			t.Errorf("%q is due at %s", schedule, got)
		}
	}
}

func FuzzNext(f *testing.F) {
	for _, seed := range []string{"*/15 2 * * 7", "CRON_TZ=", "@every -1s", "0 0 29 2 */7", "1-7/3,9 *,3 ? * MON-7"} {
		f.Add(seed, int64(1774746000))
	}
	paris := zone(f, "Europe/Paris")
	f.Fuzz(func(t *testing.T, schedule string, seconds int64) {
		after := time.Unix(seconds%(1<<36), 0).In(paris)
		if got := Next(schedule, after); !got.IsZero() && !got.After(after) {
			t.Errorf("%q after %s: %s", schedule, after, got)
		}
	})
}

// A field is drawn as text and as the numbers it stands for.
type field struct {
	text string
	has  map[int]bool
}

func drawField(t *rapid.T, low, high int, stars bool) field {
	f := field{has: map[int]bool{}}
	var parts []string
	for i := range rapid.IntRange(1, 3).Draw(t, "elements") {
		from := rapid.IntRange(low, high).Draw(t, "from")
		to := rapid.IntRange(from, high).Draw(t, "to")
		step := rapid.IntRange(1, 20).Draw(t, "step")
		text := strconv.Itoa(from)
		switch kind := rapid.IntRange(0, 3).Draw(t, "kind"); {
		case kind == 0 && stars && i == 0:
			text, from, to = "*/"+strconv.Itoa(step), low, high
		case kind == 1:
			text = fmt.Sprintf("%d-%d/%d", from, to, step)
		case kind == 2:
			text, step = fmt.Sprintf("%d-%d", from, to), 1
		default:
			to = from
		}
		parts = append(parts, text)
		for n := from; n <= to; n += step {
			f.has[n] = true
		}
	}
	f.text = strings.Join(parts, ",")
	return f
}

// clockTexts are fields whose meaning is looked up minute by minute.
type clockTexts [5]field

func (c clockTexts) String() string {
	return strings.Join([]string{c[0].text, c[1].text, c[2].text, c[3].text, c[4].text}, " ")
}

func (c clockTexts) starred(i int) bool { return c[i].text[0] == '*' }

// match tells whether the schedule means what the clock shows.
func (c clockTexts) match(shown time.Time) bool {
	monthDay, weekDay := c[2].has[shown.Day()], c[4].has[int(shown.Weekday())] || shown.Weekday() == time.Sunday && c[4].has[7]
	days := monthDay && weekDay
	if !c.starred(2) && !c.starred(4) {
		days = monthDay || weekDay
	}
	return c[0].has[shown.Minute()] && c[1].has[shown.Hour()] && c[3].has[int(shown.Month())] && days
}

func draw(t *rapid.T) clockTexts {
	stars := rapid.Bool().Draw(t, "stars")
	return clockTexts{
		drawField(t, 0, 59, stars), drawField(t, 0, 23, stars),
		drawField(t, 1, 31, true), drawField(t, 1, 12, true), drawField(t, 0, 7, true),
	}
}

// simulate is when a schedule is due in the days after a time, minute by minute:
// with a star whenever the clock shows it, else when the clock first shows it or
// first shows more.
func simulate(c clockTexts, after time.Time, days int) time.Time {
	wild := c.starred(0) || c.starred(1)
	// Two days ahead of it the clock has shown nothing that comes again.
	t := after.Truncate(time.Minute).Add(-48 * time.Hour)
	for reached := shown(t); t.Before(after.Add(time.Duration(days) * day)); t = t.Add(time.Minute) {
		due := wild && c.match(shown(t))
		for ; !wild && reached.Before(shown(t)); reached = reached.Add(time.Minute) {
			due = due || c.match(reached.Add(time.Minute))
		}
		if due && t.After(after) {
			return t
		}
	}
	return time.Time{}
}

func zones() []string {
	return []string{"Europe/Paris", "America/New_York", "Australia/Sydney", "America/Santiago", "Australia/Lord_Howe", "America/Havana", "America/Nuuk", "Africa/Casablanca", "Asia/Kathmandu", "UTC"}
}

func TestNextIsWhatAClockMinuteByMinuteSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		location := zone(t, rapid.SampledFrom(zones()).Draw(t, "zone"))
		after := time.Unix(rapid.Int64Range(1735689600, 1861920000).Draw(t, "after"), rapid.Int64Range(0, 999999999).Draw(t, "ns")).In(location)
		// One in two starts at a change of the clock.
		if _, change := after.ZoneBounds(); !change.IsZero() && rapid.Bool().Draw(t, "change") {
			after = change.Add(rapid.SampledFrom([]time.Duration{-6 * time.Hour, -time.Hour, -1, 0, time.Minute, 30 * time.Minute}).Draw(t, "near"))
		}
		c := draw(t)
		got := Next(c.String(), after)
		if !got.IsZero() && !got.After(after) {
			t.Fatalf("%s after %s: %s", c, after, got)
		}
		want := simulate(c, after, 3)
		if want.IsZero() && !got.IsZero() && got.Before(after.Add(3*day)) || !want.IsZero() && !got.Equal(want) {
			t.Fatalf("%s after %s: %s, not %s", c, after, got, want)
		}
	})
}

// A job at a fixed time runs once on each day that it names, whatever the clock
// does: three years of days in each zone.
func TestAFixedTimeComesOnceADay(t *testing.T) {
	for _, name := range []string{"Europe/Paris", "America/New_York", "Australia/Sydney", "America/Santiago", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu"} {
		location := zone(t, name)
		rapid.Check(t, func(t *rapid.T) {
			c := clockTexts{drawField(t, 0, 59, false), drawField(t, 0, 23, false), drawField(t, 1, 31, true), drawField(t, 1, 12, true), drawField(t, 0, 7, true)}
			minute, hour := rapid.IntRange(0, 59).Draw(t, "minute"), rapid.IntRange(0, 4).Draw(t, "hour")
			c[0], c[1] = field{strconv.Itoa(minute), map[int]bool{minute: true}}, field{strconv.Itoa(hour), map[int]bool{hour: true}}
			runs := map[string]int{}
			end := time.Date(2029, 1, 1, 0, 0, 0, 0, location)
			for moment := Next(c.String(), time.Date(2026, 1, 1, 0, 0, 0, 0, location).Add(-1)); !moment.IsZero() && moment.Before(end); moment = Next(c.String(), moment) {
				runs[moment.Format(time.DateOnly)]++
			}
			for clock := time.Date(2026, 1, 1, hour, minute, 0, 0, time.UTC); clock.Year() < 2029; clock = clock.AddDate(0, 0, 1) {
				want := 0
				if c.match(clock) {
					want = 1
				}
				if got := runs[clock.Format(time.DateOnly)]; got != want {
					t.Fatalf("%s in %s: %d times on %s, not %d", c, name, got, clock.Format(time.DateOnly), want)
				}
			}
		})
	}
}
