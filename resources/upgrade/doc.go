// Package upgrade is the order in which a pair is upgraded: pause, the standby,
// the master, replicate, verify, resume. Each step has a check, and is left behind
// once that holds. The guide is kept on the master, which has the channel.
//
// Wazo's documentation ("Upgrading a cluster") gives the same order in prose:
// comment the cron files out on both nodes, upgrade the slave, upgrade the master,
// replicate by hand, take the comments away.
//
// What a maintainer needs to know:
//
//   - What the steps decide is pure (check.go): it is given what was seen (Sight)
//     and what was kept (State). Nothing is kept before the pause holds: the
//     releases that both nodes have then are what an upgrade is told by.
//   - An upgrade is seen by the version tables and by infos.wazo_version, which the
//     packages' own migrations write. One that changes neither cannot be seen, nor
//     one on a platform without a database: the operator confirms it.
//   - An upgrade restarts the services, which takes 45 s and more and looks like a
//     dead Asterisk: hence the pause. It starts no services that are disabled, so
//     that a standby stays passive; where it does not, nothing can be copied there.
//   - After an upgrade the stock cron files may be there again, also those lines
//     that somebody commented out. The daemon takes them away; until then the
//     master's step does not hold.
//   - The pause has a limit of its own. Once both nodes have the same release it
//     may end: what is left disturbs nothing.
package upgrade
