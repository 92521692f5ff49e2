// Package simulate lives through what may happen to a pair, a second at a time,
// before it happens: two nodes that decide by failover.Decide itself, what lies
// between them, and the phones. It touches nothing, and the same Pair and
// Scenario have the same Result.
//
// What a maintainer needs to know:
//
//   - The first event is at midnight, UTC, so that the times in the reasons of
//     Decide are times since the event.
//   - In each second the nodes look, decide and act; then the world changes; then
//     the phones have their turn. An answer takes no time, a silence takes the
//     probe's timeout.
//   - A report travels over the channel that the master's hotpair opens: while
//     both hosts are up and hear each other, one arrives every other second. After
//     an interruption the channel takes a while to be opened again.
//   - Phones refresh when their registration expires and not before, which is the
//     worst that they may do. They retransmit every 4 s (T2) and give up after 32 s
//     (Timer F, RFC 3261 §17.1.2.2), or at once where the host refuses.
//   - Calls are not simulated: a standby that ceases to serve waits for its
//     registrations only.
package simulate
