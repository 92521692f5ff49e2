// Package takeover does what package failover decides: it looks at this node
// and its peer each second, starts and stops the telephony services, and tells
// the peer's hotpair how this node stands. It has a loop of its own, so that
// whatever hangs or is broken elsewhere delays no takeover.
//
// What a maintainer needs to know:
//
//   - The platform's script that starts a slave's services takes some 45 s. Its
//     stop is not idempotent: it stops and starts them each time that it is
//     called. So both run at a transition only, and where the services are not as
//     the last transition left them, for some time: after a reboot, or an upgrade.
//   - Services that somebody stopped on a master are left alone: a master's
//     services are its own, but for standing down and serving again.
//   - The firewall that the platform documents lets a slave only ping its master.
//     So the master opens the channel that the reports travel on, both ways.
//   - What is known survives a restart of the daemon in /var/lib/hotpair. A disk
//     that is full is told of, and holds nothing up. What others read is below
//     /run, which is memory.
package takeover
