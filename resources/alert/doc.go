// Package alert tells an administrator when a pair is not well: it makes
// conditions of how a node stands, and sees that every receiver hears of each.
//
// What a maintainer needs to know:
//
//   - A Desk looks every few seconds, and at once when it is prodded. What is due
//     is decided by reconcile/alert, a memory for each receiver; each receiver has
//     a goroutine of its own, so that one which does not answer holds up neither
//     the others nor the daemon.
//   - What a receiver was told stands in /var/lib/hotpair/alerts.json, written
//     when that changes: a restart repeats nothing, and loses no end. Whoever holds
//     the lock beside it may tell and write: the daemon, or while that is dead the
//     line in cron that looks after it (Once).
//   - What is not known, because no pass could look yet or a file cannot be read, is
//     not over: Facts.Look names it as unseen.
package alert
