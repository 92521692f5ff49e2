// Package postgres runs a throwaway PostgreSQL cluster below a directory that
// stands for a node's root, with Debian's layout: configuration in
// etc/postgresql/15/main, data in var/lib/postgresql/15/main, the socket in
// var/run/postgresql. The demonstration, tests and benchmarks use it.
//
// A server does not run as root: started by root it runs as Debian's user
// postgres, so every directory above the node's root must let that user in
// (t.TempDir does not). Otherwise it runs as the caller. It ends with the
// program that started it, however that ends: a shell waits at the end of a
// pipe. The clusters trust whoever reaches them, so they listen on a socket and
// at most on an address of the loopback network.
//
// They are fast rather than safe: fsync is off unless the settings say
// otherwise. A killed server loses nothing even so, only a killed machine does.
package postgres
