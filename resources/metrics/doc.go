// Package metrics tells how a node stands in Prometheus's text formats, by HTTP and
// in a file for node_exporter's textfile collector. It looks at nothing itself: all
// that it tells is in the Sample that it is given.
//
// What a maintainer needs to know:
//
//   - A family is one line in a list: its name, what it means and how it is got from a
//     Sample. Names and units follow prometheus.io/docs/practices/naming. No
//     label takes a value that ha.hcl or a list here does not bound: no table, no
//     phone, no reason in words.
//   - What is not known is left out rather than told as 0, which would look well. A
//     time that something never happened at is 0, so that its age is a long one.
//   - Counters begin at 0 with the daemon, as Prometheus expects of a process. The
//     history cannot be counted from its beginning, since its older half goes at times:
//     a counter that is smaller after a restart looks like that many new runs.
//   - node_exporter has go_… and process_… of its own and takes no metric twice, so
//     the file is without them.
package metrics
