package when

import (
	"context"
	"time"
)

// Job is one thing that is done by a schedule.
type Job struct {
	Name string
	// Schedule is five fields of cron(8) or one of its words but @reboot, "@every
	// 15m" counted from the start of the last run, or "on_change", which has no
	// times.
	Schedule string
	// Daily runs the job a day after the start of its last run, if nothing else
	// did before.
	Daily bool
	// Last is the start of the last run, good or failed, by whomever, remembered
	// across restarts; zero: never. It is asked once a minute, and must not use the
	// timetable.
	Last func() time.Time
	Run  func(ctx context.Context, why Why) error
}

// Why a job runs.
type Why string

// The reasons for a run.
const (
	Schedule Why = "schedule"
	Missed   Why = "missed" // its time passed while nobody looked, or it never ran
	Change   Why = "change" // it was prodded
	Retry    Why = "retry"  // after a failure
)
