package rows

import (
	"context"
	"maps"
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
	var list []*difference
	for i, g := range digests {
		d, err := g.compare(ctx, p)
		if err != nil {
			return nil, nil, err
		}
		rows[d.table.name] = g.master.rows()
		if !d.empty() {
			list = append(list, d)
		}
		j.report(i+1, len(digests))
	}
	return list, rows, nil
}

func (j *Job) report(done, total int) {
	if j.Progress != nil {
		j.Progress(int64(done), int64(total))
	}
}
