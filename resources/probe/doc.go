// Package probe asks whether a host is up, whether its telephony serves, and
// whether this node is cut off. A Watch asks all its probes at once, each at its
// own pace, and gives their votes; what follows from them is package failover's.
//
// A probe is an Asker with a pace. Those here: Ping and TCP for a host, SIPUDP and
// SIPTCP for its telephony, HTTP and Postgres for the services beside it. They
// ask by IP address (HTTP by URL) and, where told, from a given one of this node.
//
// What a maintainer needs to know:
//
//   - An answer counts only if it could not have been made up: by a nonce in a
//     ping; by Via branch, Call-ID, CSeq and From tag in SIP, and over UDP by the
//     source too. SIP answers are hostile input: package sip is strict, bounded
//     and fuzzed.
//   - A question that could not be asked is no silence: no socket to be had, the
//     local firewall forbids it, the address to ask from is gone. After `fall` of
//     them a probe is Unknown. An unreachable network is a silence: a pulled
//     cable looks like that, and to the witnesses too.
//   - Wazo's documented firewall lets the standby do nothing at the master but
//     ping it: 5060 must be open to it too.
//   - A connection that stands proves nothing: the kernel takes connections and
//     data for a process that hangs. Only an answer proves a server alive. TCP,
//     which looks no further, is for hosts.
//   - Whoever may send ICMP can say "port unreachable" for another: over UDP that
//     is only a reason, and the question goes on until its time is up.
//   - Asterisk takes about 5 unidentified requests in 5 s from an address, and
//     Wazo's fail2ban bans an address for an hour after 15: a probe that asks too
//     often silences itself. A Watch keeps all SIP requests to one address below
//     5 in any 5 s (quota.go); with shorter intervals than that allows, probes are
//     slower than declared. A retransmission has the branch of its request, and a
//     server takes both for one (RFC 3261 §17.2.2). A new Watch does not know what
//     the one before has sent.
//   - Timer E sends a request at 0, 0.5 and 1.5 s of the 2 s that ha.hcl
//     presets. If 30 of
//     100 requests are lost, 3 of 100 questions fail, and a live server looks
//     silent, two questions in a row, about once in 70 minutes. Where answers are
//     lost as often as requests, it does so once in three minutes: the decision
//     needs more than this one vote.
//   - A server that restarts closes the connection that SIPTCP keeps. It looks
//     before it asks, so that this costs no question. Bytes that wait unasked,
//     such as the keep-alives of RFC 5626, make it connect anew too.
//   - PostgreSQL that rejects the probe by pg_hba.conf, or does not know the role
//     hotpair, writes a line to its log for each question. It is never sent a
//     password: the code that could is not there.
//   - A raw socket needs CAP_NET_RAW; a datagram socket needs a group within
//     net.ipv4.ping_group_range, which is "1 0", nobody, on many systems.
package probe
