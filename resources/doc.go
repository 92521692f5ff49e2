// Package resources holds the kinds of thing that hotpair keeps on a node, one
// kind a file, and the register that declares them (resources.go). Everything
// here looks and acts; what is to be done is decided by package reconcile.
//
// How the real systems behave, which the kinds rely on:
//
//   - /etc/xivo/ha.conf is the JSON object {"node_type", "remote_address"}
//     without a newline at its end; wazo-sysconfd and wazo-sync read it. No file
//     means disabled. Exactly one of the sentinels is-primary and is-secondary
//     exists on a master or a slave; xivo-check-master-status reads the latter.
//   - Stock replication is two cron lines on the master, at minute 0 of every
//     hour: xivo-master-slave-db-replication PEER, and wazo-sync (xivo-sync on
//     XiVO and on older Wazo). The slave has one line, every minute:
//     xivo-check-master-status PEER. Administrators comment lines out to pause
//     them, during an upgrade above all.
//   - The stock database copy connects from the master to the slave over TCP as
//     user postgres to database asterisk, without a password: it needs the line
//     `host asterisk postgres PEER/32 trust` and listen_addresses. For an IPv6
//     address the stock tools write /32 too, which trusts a whole network.
//   - Services are stopped on a passive node while the file named `passive` in
//     the platform exists; the phone provisioning daemon is one of them.
//     xivo-manage-slave-services start and stop switch them; stop stops and
//     starts services each time it is called, and start starts the DHCP server
//     too.
//   - Phones do not inherit from registrars: a backup address stands in every
//     registrar, in autoprov, which fresh phones are copies of, and in every
//     phone's own document (packages phones and provd).
//   - No release since 20.13 sets the SIP expiry that the documentation promises:
//     a node has 60, 120 and 3600 s (package sipdb). On a slave the values come
//     with the master's database.
package resources
