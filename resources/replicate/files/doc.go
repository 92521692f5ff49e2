// Package files brings the declared directories of the master to the standby,
// and tells what differs. It does not know when to, or what the directories
// mean.
//
// There are two ways. Options.Run compares everything by size and time with one
// rsync(1) over the connection that is kept anyway; Options.Verify does so by
// content and changes nothing. A Session is a channel to Serve on the peer,
// over which the daemon sends the few paths that Watch or two Snapshots name:
// for ten files, that is a fiftieth of the time that rsync takes to find them.
//
// What a maintainer must know:
//
//   - A file never appears under its final name before it is complete. rsync
//     writes beside the target and renames unless told otherwise (--inplace,
//     --partial); Serve does the same. What a cut leaves are names such as
//     .NAME.hotpair-tmp, which the next session sweeps, and rsync's .NAME.XXXXXX,
//     which the next run deletes since the master has none.
//   - Both run on the peer where the root holds the declared directories and
//     nothing else, so the target of rsync is "/" and its names are the node's
//     own. --relative with the anchor /./ and --no-implied-dirs keep rsync from
//     touching what lies above a declared directory. Owners are mapped by name
//     where the standby's system has it, so that user and group databases must
//     be readable there.
//   - rsync prints names with \#ooo for what is not printable (octal, and in the
//     C locale for every byte above 127), so that a line is a name. Patterns of
//     rsync take a backslash literally unless the pattern holds a wildcard.
//   - rsync compares times to the second unless --modify-window is -1 (3.1.3 and
//     later), and so misses an edit in the second of the last copy that keeps the
//     size.
//   - rsync does not delete once reading the source has failed. Nothing else of it
//     keeps a wiped master from wiping the standby: --max-delete deletes up to
//     its limit first. Hence the dry run that counts before anything is touched.
//   - Devices, sockets, pipes, hard links between files, access lists and a
//     symbolic link's own time do not follow. A directory's time does, but a
//     difference in nothing else is not told.
//   - Names that end in .hotpair-tmp are temporary files of hotpair and do not
//     follow either.
package files
