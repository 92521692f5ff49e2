// Package record keeps what happened on this node: what the daemon logged at
// level info or above, and what was changed by hand.
//
// What a maintainer needs to know:
//
//   - It is written beside what it tells of, never before or within it: a disk
//     that hangs, or is full, delays nobody. What could not be written meanwhile
//     is counted, and the count is written as soon as anything can be.
//   - Several processes write: the daemon, and each command by hand. Each line is
//     one write, and the daemon's lines are in its order.
//   - A secret prints as "(secret)" wherever it is logged, so it is in no line;
//     neither are control characters.
package record
