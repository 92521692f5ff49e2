// Package outage computes how long phones can be without a server: when the
// master dies, when only its telephony does, and when the standby gives back
// what it took over. It is pure, and says which one value has to change where
// that is longer than was promised.
//
// What a maintainer needs to know:
//
//   - A phone is served again when two things have happened: it has given the dead
//     server up, and the other one serves. What it does itself is its notice; what
//     the standby does is to detect the death and to start its services. They go on
//     side by side, so the longer one counts.
//   - A phone that registered just before the death notices at its next
//     registration and gives up after SIP Timer F, 64*T1 = 32 s (RFC 3261
//     §17.1.2.2). One that registers right after it notices after those 32 s alone.
//   - One that asks the standby before that serves is turned away and asks again
//     later. The worst of them asks just before the standby is ready: it is served
//     a whole retry after that. By registration it begins with the main server,
//     and waits another Timer F for it.
//   - The master serves already when the standby ceases to, so nothing but the
//     phone decides then. That the standby waits before, for the master to be well
//     and for calls to end, is no outage.
package outage
