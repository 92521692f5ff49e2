package rows

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
)

// compareAll compares tables, by digests first. It gives what differs, and how
// many rows the master has in every copied table.
func (j *Job) compareAll(ctx context.Context, p *pair, candidates []*table) ([]*difference, map[string]int64, error) {
	rows := map[string]int64{}
	if j.Memory != nil {
		maps.Copy(rows, j.Memory.Rows)
	}
	digests, err := j.digestAll(ctx, p, candidates)
	if err != nil {
		return nil, nil, err
	}
	found, err := p.differences(ctx, digests)
	if err != nil {
		return nil, nil, err
	}
	for _, g := range digests {
		rows[g.table.name] = g.master.rows()
	}
	if len(digests) > 0 {
		j.report(len(digests), len(digests))
	}
	return slices.DeleteFunc(found, (*difference).empty), rows, nil
}

// differences finds the rows that differ.
func (p *pair) differences(ctx context.Context, digests []*digest) ([]*difference, error) {
	var list []*difference
	var some []*comparison
	for _, g := range digests {
		d := &difference{table: g.table, master: g.master.rows(), standby: g.standby.rows()}
		list = append(list, d)
		switch apart := g.apart(); {
		case g.bare || d.standby == 0:
			d.freshRows, d.standby, d.all = d.master, 0, d.master > 0
		case len(apart) > 0:
			some = append(some, newComparison(d, g.buckets, apart))
		}
	}
	return list, p.compare(ctx, some)
}

// comparison is a look at the rows of a table that are in buckets that differ.
type comparison struct {
	*difference
	order           order
	query           query
	master, standby *reading
}

func newComparison(d *difference, buckets int, apart []string) *comparison {
	order, width := d.table.order()
	c := &comparison{difference: d, order: order, query: query{text: d.table.ordered(buckets)}, master: newReading(width), standby: newReading(width)}
	if buckets > 1 {
		c.query.params = [][]string{{bits(apart, buckets)}}
	}
	return c
}

// bits has a bit set for each bucket that is named, as get_bit counts them in a
// bytea (PostgreSQL's documentation, "Binary String Functions"). A join with their
// numbers would be taken for a large one, and sort the whole table.
func bits(apart []string, buckets int) string {
	all := make([]byte, (buckets+7)/8)
	for _, b := range apart {
		n := number(b)
		all[n/8] |= 1 << (n % 8)
	}
	return `\x` + hex.EncodeToString(all)
}

// compare merges the rows of both sides.
func (p *pair) compare(ctx context.Context, list []*comparison) error {
	if len(list) == 0 {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var queries []query
	var master, standby []*reading
	for _, c := range list {
		queries, master, standby = append(queries, c.query), append(master, c.master), append(standby, c.standby)
	}
	one, other := p.master.read(ctx, queries, master), p.standby.read(ctx, queries, standby)
	for _, c := range list {
		c.merge(c.master, c.standby, c.order, c.master.width)
		c.weigh()
	}
	return errors.Join(<-one, <-other)
}

func (j *Job) report(done, total int) {
	if j.Progress != nil {
		j.Progress(int64(done), int64(total))
	}
}
