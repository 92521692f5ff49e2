// Package replicate copies a master's data to its standby, and proves it: the
// rows of the telephony database (package rows) and the declared directories
// (package files), over the channel that package peer makes. It remembers what
// was copied when, keeps what the standby would lose, and writes the history.
// When it is done is decided elsewhere (package when, and the daemon).
//
// Nothing is copied to a peer that says that it is active, is no slave, names
// another node as its peer, or has a clock that is more than a minute apart. One
// run goes on at a time on a node, whoever started it.
package replicate
