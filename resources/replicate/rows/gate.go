package rows

import (
	"context"
	"maps"
	"slices"
	"strconv"
)

// Memory is what is known of both nodes since the last good run.
type Memory struct {
	Master  Sight            `json:"master"`
	Standby Sight            `json:"standby"`
	Rows    map[string]int64 `json:"rows"` // of every copied table, as last compared
}

// Sight is what the counters of one database said.
type Sight struct {
	System    string              `json:"system"`  // the cluster's identifier: another one is another server
	Counted   string              `json:"counted"` // since when: a crash or pg_stat_reset begins anew, and may come to the same counts
	Tables    map[string]Counters `json:"tables"`
	Sequences map[string]int64    `json:"sequences"` // last values; one that was never used has none
}

// Counters move when a table does.
type Counters struct {
	File     int64 `json:"file"` // relfilenode, which TRUNCATE and a rewrite change
	Inserted int64 `json:"ins"`
	Updated  int64 `json:"upd"`
	Deleted  int64 `json:"del"`
}

// looking reads the cluster, the tables' counters, and the sequences.
var looking = [...]string{
	`SELECT system_identifier, concat_ws(' ', pg_stat_get_bgwriter_stat_reset_time(), pg_stat_get_db_stat_reset_time(d.oid)) FROM pg_control_system(), pg_database d WHERE d.datname = current_database()`,
	`SELECT c.relname, c.relfilenode, pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_updated(c.oid), pg_stat_get_tuples_deleted(c.oid) FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
	`SELECT s.relname, pg_sequence_last_value(s.oid), t.relname FROM pg_class s LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') LEFT JOIN pg_class t ON t.oid = d.refobjid WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace`,
}

// look reads the counters of the tables that count: what is neither copied nor
// compared may change as it likes. The first look pins the settings.
func (s *side) look(ctx context.Context, c Classes) (Sight, error) {
	sight := Sight{Tables: map[string]Counters{}, Sequences: map[string]int64{}}
	statements := looking[:]
	if !s.pinned {
		statements = append(pinned[:], statements...)
	}
	results, err := s.results(ctx, statements)
	if err != nil {
		return sight, err
	}
	s.pinned, results = true, results[len(results)-len(looking):]
	for _, row := range results[0] {
		sight.System, sight.Counted = row[0], row[1]
	}
	for _, row := range results[1] {
		if !c.copied(row[0]) && !slices.Contains(c.Version, row[0]) {
			continue
		}
		sight.Tables[row[0]] = Counters{File: number(row[1]), Inserted: number(row[2]), Updated: number(row[3]), Deleted: number(row[4])}
	}
	for _, row := range results[2] {
		if row[1] != "" && c.copied(row[2]) {
			sight.Sequences[row[0]] = number(row[1])
		}
	}
	return sight, nil
}

func number[T string | []byte](text T) int64 {
	n, _ := strconv.ParseInt(string(text), 10, 64) // the server wrote it
	return n
}

// moved lists the tables whose counters are not those of an earlier sight: all
// of them where another count has begun.
func (s Sight) moved(earlier Sight) map[string]bool {
	list := map[string]bool{}
	anew := s.System != earlier.System || s.Counted != earlier.Counted
	for _, name := range names(s.Tables, earlier.Tables) {
		now, is := s.Tables[name]
		then, was := earlier.Tables[name]
		if anew || is != was || now != then {
			list[name] = true
		}
	}
	return list
}

// flagged are the tables that may differ since the last good run; nil memory:
// nobody knows, so all may.
func (p *pair) flagged(m *Memory) (tables map[string]bool, sequences bool) {
	if m == nil {
		all := map[string]bool{}
		for name := range p.seen.Master.Tables {
			all[name] = true
		}
		return all, true
	}
	tables = p.seen.Master.moved(m.Master)
	maps.Copy(tables, p.seen.Standby.moved(m.Standby))
	return tables, !maps.Equal(p.seen.Master.Sequences, m.Master.Sequences) || !maps.Equal(p.seen.Standby.Sequences, m.Standby.Sequences)
}
