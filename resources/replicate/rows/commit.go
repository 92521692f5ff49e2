package rows

import (
	"context"
	"maps"
)

// commit writes, and commits at once where there is something to write.
func (j *Job) commit(ctx context.Context, p *pair, f findings) ([]Action, error) {
	if len(f.differing) == 0 && len(f.sequences) == 0 {
		return nil, p.standby.exec(ctx, "ROLLBACK")
	}
	if err := p.write(ctx, f.differing); err != nil {
		return nil, err
	}
	actions, err := p.actions(ctx, f.differing, j.Classes)
	if err != nil {
		return nil, err
	}
	if err := p.orphans(ctx, f, j.Classes); err != nil {
		return nil, err
	}
	return actions, p.end(ctx, f.sequences)
}

// remember is what the next run is to know. What this run wrote moves the
// standby's counters, and the server shows that late: so it is added here.
func (j *Job) remember(p *pair, f findings) *Memory {
	m := &Memory{Master: p.seen.Master, Standby: p.seen.Standby, Rows: f.rows}
	m.Standby.Tables, m.Standby.Sequences = maps.Clone(m.Standby.Tables), maps.Clone(m.Standby.Sequences)
	for _, d := range f.differing {
		c := m.Standby.Tables[d.table.name]
		c.Inserted, c.Deleted = c.Inserted+d.inserted, c.Deleted+d.deleted
		m.Standby.Tables[d.table.name] = c
	}
	list := p.on.copiedSequences(j.Classes)
	for _, name := range list {
		delete(m.Standby.Sequences, name)
		if last, used := m.Master.Sequences[name]; used {
			m.Standby.Sequences[name] = last
		}
	}
	return m
}
