package when

import (
	"time"

	"github.com/go-co-op/gocron/v2"
)

// arm sets the alarm for each job. It is false where one became due meanwhile,
// for which no alarm may ring.
func (t *Timetable) arm() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	const all = "job"
	t.alarm.RemoveByTags(all)
	for _, e := range t.entries {
		due, _ := e.due()
		_, err := t.alarm.NewJob(gocron.CronJob(e.Schedule, false), gocron.NewTask(t.ring),
			gocron.WithCronImplementation(times{e.Schedule, due, t.now}), gocron.WithTags(all))
		if err != nil {
			t.log.Error("no alarm for a job: it starts up to a minute late", "job", e.Name, "error", err)
		}
	}
	return t.first(t.now()) == nil
}

// times is a schedule as gocron asks for it.
type times struct {
	schedule string
	due      time.Time
	now      func() time.Time
}

var _ gocron.Cron = times{}

// IsValid has no objection: Set has checked the schedule.
func (times) IsValid(string, *time.Location, time.Time) error { return nil }

// Next is when the job is due, for the first time, and later the schedule's
// times, all of them still to come. It is never zero.
func (s times) Next(last time.Time) time.Time {
	after := later(s.now(), last)
	at := Next(s.schedule, after.In(s.now().Location()))
	switch {
	case s.due.After(after):
		at = s.due
	case at.IsZero():
		at = after.Add(day)
	}
	return at.UTC()
}
