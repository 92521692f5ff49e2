// Package failover decides which node of a pair serves. It is pure: Decide is
// given what was known, the time, the policy and what is seen, and gives back
// what is known now and what should be, always with a reason in plain words.
// Whatever probes, starts and stops is elsewhere.
//
// What a maintainer needs to know:
//
//   - Two nodes have no quorum. Where the network between them is cut and both
//     are reached by phones, both serve: that is reported, and resolved when the
//     network is back, never said to be impossible.
//   - What was never seen alive has no vote and no veto: a gateway that answers
//     no ping must neither forbid a takeover nor vouch for one. Without a witness
//     that was ever seen, this node may be the one that is cut off, so it waits
//     as long as for a degraded master.
//   - Only what was seen since this node woke counts. A node that was frozen, or
//     whose clock was set, has not watched a silent master for all that time.
//   - A master whose host is up and whose telephony is silent may be restarting,
//     which takes some 45 s; may have banned this node (fail2ban: an hour); or may
//     be dead. So it is degraded, for longer, and its own hotpair is heard.
//   - A master that comes back, by power or by the network, serves at once. Until
//     the standby has ceased to, both serve: that is returning, and no split
//     brain, since the phones leave the standby by themselves.
//   - An Answer has passed its probe's fall and rise. The limits of the policy
//     count from the last answer that was heard, not from the noticing.
package failover
