// Package peer is the channel between the two nodes: SSH, with a key of
// hotpair's own that can do nothing on the other node but `hotpair peer`. It
// holds both ends. It knows neither rows nor files, only how they may travel.
//
// The near end (Target, Dial, Link) runs this machine's ssh and keeps one
// connection open, which everything goes over. The far end (Parse, Node.Serve)
// reads SSH_ORIGINAL_COMMAND, which is hostile: whoever stole the key wrote it.
// It knows six requests, `state`, `report`, `facts`, `database`, `rsync --server …`
// and `files`. The last three change something, and are refused unless this node is a
// slave that serves no calls.
//
// What a maintainer needs to know:
//
//   - A line of authorized_keys with `restrict` forbids forwarding of any kind,
//     terminals and ~/.ssh/rc, also what a later OpenSSH invents (sshd(8)).
//     With `command=` it makes shell, scp and sftp requests end there too.
//   - ssh multiplexes over a unix socket, and whoever asks for a session hands
//     over its three files. Package peer asks by itself (mux.go), rsync has an
//     ssh do it. The exit code comes before the last of the output: whoever
//     hangs up at once loses that. Where nobody holds the connection any more,
//     the same command makes one of its own, with the same pinned key.
//   - sshd runs the forced command by root's shell. A bash that it starts reads
//     ~/.bashrc: what that writes is taken for an answer, and what it takes is
//     added to every request.
//   - ssh expands %, ~ and ${} in the names of files and splits them at spaces,
//     and rsync splits its -e at spaces too: a root with anything unusual in
//     its path is refused. The path of a unix socket has at most 107 bytes.
//   - rsync with --relative creates what a hostile sender names, symbolic links
//     included, and follows links that it finds in a path. Its own checks have
//     had holes (CVE-2024-12087, CVE-2024-12747). So it runs where nothing can
//     be written but the declared directories (confine.go): whatever a link
//     says, there is nothing else behind it.
//   - The request for the database is a session of PostgreSQL's superuser, which
//     session_replication_role, locks and sequences need. A superuser can have
//     the server read and write its own files and start programs as the system
//     user postgres: the walls do not stand around that. So the key is worth as
//     much as that user is, and `from=` and the file's mode guard it.
//   - sshd notices only after minutes that a connection was cut, and on healing
//     it is given what was on its way. So a request that writes files ends an
//     earlier one first (newest.go), rsync's two processes included. A session of
//     files that the master keeps is ended by its own rsync, too, and opened anew.
//   - A mount that is bound over another one loses no flag of it but those that
//     are set anew: nosuid and nodev forbid to use, not to store.
package peer
