package rows

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// digest is what both nodes say of a table: of all of it, or of each bucket of
// its rows, so that few rows have to be looked at where few differ.
type digest struct {
	table           *table
	buckets         int  // a power of two; 1: the table is one bucket
	bare            bool // the standby has no row: only the master's are counted
	master, standby sums
}

// sums are the number of rows, and the sums of their hashes, by bucket.
type sums map[string][2]string

func (s sums) rows() (n int64) {
	for _, sum := range s {
		n += number([]byte(sum[0]))
	}
	return n
}

// bucketRows is how many rows a bucket holds on average, and mostBuckets how
// many a table has at most: their sums are held in memory on both sides.
const (
	bucketRows  = 16
	mostBuckets = 1 << 15
)

// newDigest makes buckets where there is a key to tell them by, and enough rows.
func newDigest(t *table, rows int64) *digest {
	d := &digest{table: t, buckets: 1}
	for t.key != nil && d.buckets < mostBuckets && int64(d.buckets)*bucketRows*2 <= rows {
		d.buckets *= 2
	}
	return d
}

// apart are the buckets that differ.
func (d *digest) apart() []string {
	return slices.DeleteFunc(names(d.master, d.standby), func(b string) bool { return d.master[b] == d.standby[b] })
}

// compare finds the rows that differ.
func (d *digest) compare(ctx context.Context, p *pair) (*difference, error) {
	found := &difference{table: d.table}
	apart := d.apart()
	switch {
	case len(apart) == 0:
		return found, nil
	case d.bare:
		found.master = d.master.rows()
		found.freshRows, found.all = found.master, true
		return found, nil
	}
	if err := found.compare(ctx, p, d.buckets, apart); err != nil {
		return nil, err
	}
	if d.buckets > 1 {
		found.master, found.standby = d.master.rows(), d.standby.rows()
	}
	found.weigh()
	return found, nil
}

// digestAll reads the digests of tables. A table that is flagged most likely
// differs, in few of its rows.
func (j *Job) digestAll(ctx context.Context, p *pair, tables []*table) ([]*digest, error) {
	var all []*digest
	flagged, _ := p.flagged(j.Memory)
	for _, t := range tables {
		var rows int64
		if j.Memory != nil && flagged[t.name] {
			rows = j.Memory.Rows[t.name]
		}
		all = append(all, newDigest(t, rows))
	}
	const together = 24
	for at := 0; at < len(all); at += together {
		if err := p.digests(ctx, all[at:min(at+together, len(all))]); err != nil {
			return nil, err
		}
		j.report(min(at+together, len(all))-1, len(all))
	}
	return all, nil
}

// digests reads digests on both nodes, in one round trip. Where the standby has
// no row, the master's are only counted.
func (p *pair) digests(ctx context.Context, list []*digest) error {
	var ask []string
	for _, d := range list {
		ask = append(ask, d.table.filled())
	}
	filled, err := p.standby.results(ctx, ask)
	if err != nil {
		return err
	}
	var statements []string
	for i, d := range list {
		if d.bare = filled[i][0][0] == "f"; d.bare {
			statements = append(statements, d.table.count())
		} else {
			statements = append(statements, d.table.digest(d.buckets))
		}
	}
	read := func(s *side, take func(*digest, sums)) func() error {
		return func() error {
			results, err := s.results(ctx, statements)
			for i, rows := range results {
				all := sums{}
				for _, row := range rows {
					all[row[0]] = [2]string(row[1:])
				}
				take(list[i], all)
			}
			return err
		}
	}
	return p.both(
		read(p.master, func(d *digest, all sums) { d.master = all }),
		read(p.standby, func(d *digest, all sums) { d.standby = all }),
	)
}

// results runs several statements in one round trip, and gives the rows of each.
func (s *side) results(ctx context.Context, statements []string) ([][][]string, error) {
	results, err := s.conn.PgConn().Exec(ctx, strings.Join(statements, ";\n")).ReadAll()
	if err != nil {
		return nil, s.wrap(err)
	}
	if len(results) != len(statements) {
		return nil, s.wrap(errors.New("a result is missing"))
	}
	all := make([][][]string, len(results))
	for i, r := range results {
		for _, row := range r.Rows {
			all[i] = append(all[i], texts(row))
		}
	}
	return all, nil
}
