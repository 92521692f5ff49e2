// Package when decides at what times a job is due, and runs it. It knows neither
// what a job does nor what a node is.
//
// A job is due by what is: the start of its last run, its schedule and the clock.
// That is looked at once a minute, so that a run is made up for, once, after the
// daemon was down, the machine slept, or the clock was set. gocron makes it
// exact: it wakes the timetable when the next job is due. One goroutine runs all
// jobs, so that no two run at once.
//
// The times are those of Debian's cron(8):
//
//   - A job at a fixed time that the clock skips in spring runs at the change. One
//     in the hour that autumn repeats runs in the first of the two.
//   - A job whose minute or hour begins with * goes by real time: all it says is
//     what the clock must show.
//   - A change of three hours and more, as at the date line, is no summer time.
//   - Where neither the day of the month nor that of the week begins with *, either
//     is enough. 7 is Sunday too.
//
// What a maintainer must know of the libraries:
//
//   - robfig/cron skips a fixed time in spring, runs it twice in autumn, refuses 7,
//     takes a day with a step (*/2) for one that does not begin with *, panics on
//     "CRON_TZ=", and looks five years ahead: from 2096 to 2104 there is no 29th of
//     February. It parses, and searches in UTC, where no hour is skipped.
//   - gocron leaves out a time that reads as the one before, which an hourly job in
//     autumn does: it is kept in UTC. It loops for ever on a zero time. It sets its
//     timers by the clock and does not see the clock being set: once set back by a
//     day, it sleeps for a day. Its singleton mode leaves a goroutine behind for
//     each job that was removed. Its Shutdown waits 10 s for a run at most, and
//     spins: so it runs nothing but a wake-up call.
//   - A minimal system has no zones: time/tzdata brings them.
package when

import _ "time/tzdata" // for Options.Location
