package rows

import "testing"

const kinds = `CREATE TYPE mood AS ENUM ('a', 'ab'); CREATE DOMAIN code AS char(4);
CREATE TABLE kinds (id int PRIMARY KEY, n numeric, f float8, j json, b jsonb, a text[], c bpchar, t text, o varchar(9), l bigint, d timestamptz, e timestamp(3), k time, m mood, x bytea, y bool, z code)`

const ofAllKinds = `INSERT INTO kinds SELECT n, 1.0, 0.0, '{"a":1}', '1.0', '{a,NULL}', 'ab', '', 'x' || n, 7, '2020-01-01 00:00:00+01', '2020-01-01', '12:00', 'a', '\x01', false, 'x' FROM generate_series(1, 40) n`

// A hash that missed a difference would be believed.
func TestEveryHashSeesTheSmallestDifference(t *testing.T) {
	b := newBox(t, kinds)
	b.do(b.master, ofAllKinds)
	for _, change := range []string{
		"id = id", "n = 1.00", "f = '-0'", `j = '{"a": 1}'`, "b = '1.00'", "a = '{a,\"NULL\"}'", "c = 'ab '", "t = NULL", "o = o || ' '", "d = d + '1 microsecond'",
		"e = e + '1 ms'", "k = k + '1 microsecond'", "m = 'ab'", "x = '\\x0100'", "y = NULL", "z = 'X'",
		"l = 4294967302", // both halves, folded, are those of 7
		"o = CASE id WHEN 1 THEN 'x2' ELSE 'x1' END", // two rows exchange a value
	} {
		b.do(b.standby, "TRUNCATE kinds; "+ofAllKinds+"; UPDATE kinds SET "+change+" WHERE id < 3")
		p := b.opened(b.job(Classes{}))
		for _, records := range []bool{false, true} {
			for _, wide := range []bool{false, true} {
				d := newDigest(p.on.tables["kinds"], 0)
				d.table.hash = hashing{records, wide}
				must(t, p.digests(t.Context(), []*digest{d}, func(int) {}))
				found, err := p.differing(t.Context(), d)
				if same := change == "id = id"; err != nil || same != found.empty() || !same && found.changedRows != 2 {
					t.Errorf("%s, %+v: %d rows, %v", change, d.table.hash, found.changedRows, err)
				}
			}
		}
		p.close(t.Context())
	}
}
