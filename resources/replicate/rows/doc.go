// Package rows makes the rows of a standby's database those of its master, and
// nothing else: it compares, deletes what differs or is gone, copies the rest,
// and commits all of it at once. It knows PostgreSQL and no telephony: which
// tables are meant is told to it.
//
// How a run goes:
//
//   - A gate of counters (pg_stat_user_tables, pg_class.relfilenode, sequences) of
//     both nodes flags the tables that may differ since the last run. Nothing
//     flagged: nothing is read, locked or written.
//   - The master is read in one REPEATABLE READ READ ONLY snapshot. The standby is
//     compared and written in one transaction whose SHARE ROW EXCLUSIVE locks let
//     readers go on.
//   - Tables are compared by digests: those that are flagged in buckets of few
//     rows, the others of a full comparison as a whole. What the standby has none
//     of is copied without a look.
//   - Where digests differ, keys and hashes of rows stream from both sides in one
//     order and are merged. All deletions come before the insertions, so that unique
//     values can be swapped. Statements are sent together, not a round trip each.
//   - Foreign keys from tables that are not copied have their own ON DELETE actions
//     carried out. Sequences come last.
//
// What a maintainer must know of PostgreSQL:
//
//   - TRUNCATE of a part of the tables fails on foreign keys, also in replica role,
//     and waits for readers: rows are deleted. TRUNCATE moves no counter but the
//     relfilenode. A crash sets counters back to zero, so they are compared for
//     inequality. They can be seen 10 s late.
//   - session_replication_role = replica skips foreign keys and ordinary triggers,
//     not those that are ENABLE ALWAYS. It needs a superuser or, from PostgreSQL 15
//     on, GRANT SET ON PARAMETER.
//   - To hash the text of a row takes two to three times as long as to hash the
//     row, but hash_record ignores the scale of a numeric and trailing blanks,
//     hashes an enum by its OID and 64 bits as 32, and json has no hash. So a row
//     is hashed in a form that is exact (hash.go), and as a text before version 14.
//     A text depends on settings, which are pinned (session.go), and on the order
//     of columns, which are listed. Where nothing is to be proved, 64 bits do.
//   - setval survives a ROLLBACK: it is the last act before COMMIT.
//   - A copy that is cut must end with an error: a pipe closed without one commits a
//     part of a table.
//   - Text that goes from one node to the other passes the COPY protocol or is a
//     parameter. No statement is made of data; identifiers are quoted.
package rows
