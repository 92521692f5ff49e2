package rows

import (
	"context"
	"slices"
)

// digest is what both nodes say of a table: of all of it, or of each bucket of
// its rows, so that few rows have to be looked at where few differ.
type digest struct {
	table           *table
	buckets         int  // a power of two; 1: the table is one bucket
	bare            bool // the standby has no file of rows: the master's are only counted
	master, standby sums
}

// sums are the number of rows, and the sums of their hashes, by bucket.
type sums map[string][2]string

func (s sums) rows() (n int64) {
	for _, sum := range s {
		n += number(sum[0])
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

// statement asks for the digest.
func (d *digest) statement() string {
	if d.bare {
		return d.table.count()
	}
	return d.table.digest(d.buckets)
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
	return all, p.digests(ctx, all, func(done int) { j.report(done, len(all)) })
}

// digests reads digests on both nodes, and tells how many of the standby's there
// are.
func (p *pair) digests(ctx context.Context, list []*digest, read func(done int)) error {
	if err := p.standby.bare(ctx, list); err != nil {
		return err
	}
	var statements []string
	for _, d := range list {
		d.master, d.standby = sums{}, sums{}
		statements = append(statements, d.statement())
	}
	return p.both(
		func() error {
			return p.master.each(ctx, statements, func(i int, row []string) { list[i].master.take(row) })
		},
		func() error {
			return p.standby.each(ctx, statements, func(i int, row []string) {
				if len(list[i].standby) == 0 {
					read(i)
				}
				list[i].standby.take(row)
			})
		},
	)
}

func (s sums) take(row []string) { s[row[0]] = [2]string(row[1:]) }

// bare finds the tables that have no file of rows, as after TRUNCATE.
func (s *side) bare(ctx context.Context, list []*digest) error {
	var all []string
	for _, d := range list {
		all = append(all, d.table.name)
	}
	found, err := s.table(ctx, query{"SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname = ANY ($1::text[]) AND pg_relation_size(oid) = 0", [][]string{all}})
	bare := map[string]bool{}
	for _, row := range found {
		bare[string(row[0])] = true
	}
	for _, d := range list {
		d.bare = bare[d.table.name]
	}
	return err
}
