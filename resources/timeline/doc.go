// Package timeline makes one ordered story of what several logs tell.
//
// What a maintainer needs to know of the logs, and from where:
//
//   - Which lines tell something of a pair is known for XiVO from its documentation
//     alone: "Updating resilience state, from: False to: True" in
//     xivo-sysconfd.log, and the syslog tag xivocc-ha, of which each line counts. The
//     shape of xivo-sysconfd.log is that of the public Python library that it
//     logs with: "%(asctime)s [%(process)d] (%(levelname)s) (%(name)s): %(message)s".
//   - kamailio says nothing of its destinations by itself: the example of its
//     module dispatcher has the event routes dispatcher:dst-down and dst-up log
//     "Destination down: " and "Destination up: ", which XiVO's does too. Its lines
//     have no time of their own: syslog, the journal or docker puts one before them.
//   - nginx's source writes "upstream server temporarily disabled" and "no live
//     upstreams" into its error log, with the time of log_error.
//   - syslog's traditional time (RFC 3164, section 4.1.2) has neither year nor zone,
//     Python's and nginx's have no zone. Without a zone a time is that of the node
//     on which this runs: a log from elsewhere is read in its zone by TZ. An hour
//     that a clock goes through twice in autumn is read as either. Without a year
//     it is the latest at which the line was not written more than a day after the
//     file was changed last, or after now where it comes by standard input; a line
//     that is older than a year is dated wrong.
//   - Logs are written by several processes, so that a line may stand before an
//     earlier one. A window of lines is put in order; one that is further off comes
//     late.
package timeline
