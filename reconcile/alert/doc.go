// Package alert decides what a receiver is told of conditions that begin, last
// and end. It is pure: Judge is given what was known, the time, the policy and
// what is seen, and gives back what is known now and what is due.
//
// What a maintainer needs to know:
//
//   - A message is due until Told says that the receiver has it. Nothing else is
//     queued: what could not be delivered and is no longer so is not told at all,
//     and a receiver that missed the end of a condition which has begun again has
//     missed nothing. A restart between a delivery and its Told repeats it.
//   - Every receiver has a Memory of its own, so that one which is configured anew
//     hears of what lasts, and one that is dead changes nothing for the others.
//   - What cannot be seen is neither there nor over: its state stays as it is.
//   - A condition must be over for Policy.Clear before its end is told, twice as
//     long with each end told within the last hour, up to mostHold times as long:
//     one that comes and goes is told some seven times an hour, not each time.
package alert
