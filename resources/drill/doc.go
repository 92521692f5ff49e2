// Package drill has synthetic phones register at a pair, and stops how long each
// of them is without a server.
//
// What a maintainer needs to know:
//
//   - A phone is a user agent that registers over UDP (RFC 3261 §10) and takes no
//     calls. It refreshes at half of what the registrar grants. Where its server
//     does not answer within Timer F, or refuses, it asks the other one. At the
//     standby it asks the master first at each refresh, for a short time: phones
//     go back by themselves.
//   - A phone's outage counts from the last answer that its server gave anybody,
//     to the phone's own next registration: it may be told as longer than it was,
//     by a beat at most, and never as shorter.
//   - Between registrations each server is asked by OPTIONS once a beat. That is
//     rare enough to stay, with the probes of the daemon, below what Asterisk and
//     fail2ban take from one address; see package probe.
//   - A wrong password is not tried again, and one phone registers before the
//     others do: fail2ban would ban this node.
//   - A phone has a socket, and so a contact, for each server: over a connected
//     socket the kernel tells of a port where nobody listens.
package drill
