package rows

import (
	"context"
	"errors"
)

// compareAll compares tables: those that are flagged row by row, the others of a
// full comparison by a digest first. It gives what differs, and how many rows
// the master has in every copied table.
func (j *Job) compareAll(ctx context.Context, p *pair, candidates []*table) ([]*difference, map[string]int64, error) {
	rows := map[string]int64{}
	if j.Memory != nil {
		for name, n := range j.Memory.Rows {
			rows[name] = n
		}
	}
	apart, err := j.digestAll(ctx, p, candidates, rows)
	if err != nil {
		return nil, nil, err
	}
	var list []*difference
	for i, t := range candidates {
		if !apart[t.name] {
			continue
		}
		d, err := compare(ctx, t, p.master, p.standby)
		if err != nil {
			return nil, nil, err
		}
		rows[t.name] = d.master
		if !d.empty() {
			list = append(list, d)
		}
		j.report(i+1, len(candidates))
	}
	j.report(len(candidates), len(candidates))
	return list, rows, nil
}

func (j *Job) report(done, total int) {
	if j.Progress != nil {
		j.Progress(int64(done), int64(total))
	}
}

// digestAll tells which tables may differ.
func (j *Job) digestAll(ctx context.Context, p *pair, candidates []*table, rows map[string]int64) (map[string]bool, error) {
	apart := map[string]bool{}
	flagged, _ := p.flagged(j.Memory)
	var rest []*table
	for _, t := range candidates {
		if j.Memory != nil && flagged[t.name] {
			apart[t.name] = true
		} else {
			rest = append(rest, t)
		}
	}
	const together = 24
	for at := 0; at < len(rest); at += together {
		part := rest[at:min(at+together, len(rest))]
		master, standby, err := p.digests(ctx, part)
		if err != nil {
			return nil, err
		}
		for i, t := range part {
			rows[t.name] = number([]byte(master[i][0]))
			if [3]string(master[i]) != [3]string(standby[i]) {
				apart[t.name] = true
			}
		}
		j.report(at+len(part)-1, len(candidates))
	}
	return apart, nil
}

// digests reads the digests of tables on both nodes, in one round trip.
func (p *pair) digests(ctx context.Context, tables []*table) (master, standby [][]string, err error) {
	var statements []string
	for _, t := range tables {
		statements = append(statements, t.digest())
	}
	err = p.both(
		func() (err error) { master, err = p.master.tables(ctx, statements); return err },
		func() (err error) { standby, err = p.standby.tables(ctx, statements); return err },
	)
	if err == nil && (len(master) != len(tables) || len(standby) != len(tables)) {
		err = errors.New("comparing the databases: a digest is missing")
	}
	return master, standby, err
}
