// Package replicate copies a master's data to its standby, and proves it: the
// rows of the telephony database (package rows) and the declared directories
// (package files), over the channel that package peer makes. It remembers what
// was copied when, keeps what the standby would lose, and writes the history.
// When it is done is decided elsewhere (package when, and the daemon).
//
// Nothing is copied to a peer that says that it is active, is no slave, names
// another node as its peer, or has a clock that is more than a minute apart. One
// run goes on at a time on a node, whoever started it.
//
// What a maintainer must know of what is remembered (memory.go):
//
//   - It is of one peer, known by its pinned host key. Another peer begins anew:
//     everything is compared, and whatever differs may be the standby's own.
//   - A standby whose flag of passive services is another file than at the last
//     good run may have been active since. PostgreSQL 15 tells up to 10 s late what
//     a session wrote that lives on, so a run waits for 12 s of passivity then.
//     Older servers give no such bound.
//   - Tried drives the schedule, Compared the daily comparison of everything, Good
//     and Verified are what status tells. Single files that were sent, and
//     verifications, leave Tried alone.
package replicate
