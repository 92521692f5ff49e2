package rows

import (
	"fmt"
)

// Keys name their columns by number: to have the server name them would cost it
// a statement a key.
const (
	queryColumns = `SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, %s, a.attnum, c.relkind, y.typtype
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type y ON y.oid = a.atttypid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum`

	queryUnique = `SELECT c.relname, array_to_string(i.indkey[0:i.indnkeyatts-1], ' ')
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
ORDER BY c.relname, i.indisprimary DESC, i.indnkeyatts, i.indexrelid`

	queryForeign = `SELECT k.conname, c.relname, p.relname, k.confdeltype, array_to_string(k.conkey, ' '), array_to_string(k.confkey, ' ')
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
WHERE k.contype = 'f' AND k.conparentid = 0 AND c.relnamespace = 'public'::regnamespace AND p.relnamespace = 'public'::regnamespace
ORDER BY k.conname, c.relname`

	querySequences = `SELECT s.relname, coalesce(t.relname, '')
FROM pg_class s LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class t ON t.oid = d.refobjid
WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace ORDER BY s.relname`

	// What fires in replica role too, or only there.
	queryFiring = `SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgenabled IN ('A', 'R') AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
UNION ALL SELECT c.relname, r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE r.ev_enabled IN ('A', 'R') AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2`

	queryPartitions = `WITH RECURSIVE up AS (
	SELECT i.inhrelid AS leaf, i.inhparent AS above FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relispartition AND c.relkind = 'r'
	UNION ALL SELECT up.leaf, i.inhparent FROM up JOIN pg_class c ON c.oid = up.above AND c.relispartition JOIN pg_inherits i ON i.inhrelid = c.oid)
SELECT l.relname, t.relname FROM up JOIN pg_class l ON l.oid = up.leaf JOIN pg_class t ON t.oid = up.above
WHERE NOT t.relispartition AND l.relnamespace = 'public'::regnamespace AND t.relnamespace = 'public'::regnamespace`

	queryEnums = `SELECT t.typname, e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
WHERE t.typnamespace = 'public'::regnamespace ORDER BY t.typname, e.enumlabel`
)

// queryColumns asks for columns; those that the server computes came with
// PostgreSQL 12.
func (s *side) queryColumns() string {
	generated := "a.attgenerated <> ''"
	if s.version() < 12 {
		generated = "false"
	}
	return fmt.Sprintf(queryColumns, generated)
}

// version is the server's major version: "15.6 (Debian 15.6-1)" is 15, and
// "17beta1" 17.
func (s *side) version() (major int64) {
	for _, c := range s.conn.PgConn().ParameterStatus("server_version") {
		if c < '0' || c > '9' {
			break
		}
		major = major*10 + int64(c-'0')
	}
	return major
}
