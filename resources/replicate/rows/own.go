package rows

import (
	"context"
	"fmt"
)

// OwnRow is a row of the standby's own.
type OwnRow struct {
	Table  string             `json:"table"`
	Fate   string             `json:"fate"` // "deleted" or "overwritten", by the run that follows
	Values map[string]*string `json:"row"`  // as text; null is NULL
}

// A Keeper is handed every row of the standby's own before it is lost. What it
// was handed must be safe when Done returns: the rows are overwritten then.
type Keeper interface {
	Keep(OwnRow) error
	Done() error
}

// keepOwn hands on what the standby holds of its own and would lose, and stops
// there unless it may be overwritten.
func (j *Job) keepOwn(ctx context.Context, p *pair, differing []*difference) (own Own, err error) {
	if !j.Suspect && !p.reinstalled(j.Memory) {
		return own, nil
	}
	own.First = j.Memory == nil
	for _, d := range differing {
		if j.Classes.volatile(d.table.name) || d.goneRows+d.changedRows == 0 || !j.touched(p, d.table.name) {
			continue
		}
		own.Rows += int(d.goneRows + d.changedRows)
		own.Tables = append(own.Tables, d.table.name)
		if err := j.keep(ctx, p, d); err != nil {
			return own, err
		}
	}
	if own.Rows == 0 {
		return own, nil
	}
	if j.Keep != nil {
		if err := j.Keep.Done(); err != nil {
			return own, fmt.Errorf("keeping the standby's own rows: %w", err)
		}
	}
	if j.Overwrite {
		return own, nil
	}
	return own, &own
}

// reinstalled tells whether the standby's database is another one than at the
// last good run.
func (p *pair) reinstalled(m *Memory) bool {
	return m != nil && p.seen.Standby.System != m.Standby.System
}

// touched tells whether somebody wrote the standby's table since the last good
// run.
func (j *Job) touched(p *pair, name string) bool {
	return j.Memory == nil || p.seen.Standby.Tables[name] != j.Memory.Standby.Tables[name]
}

func (j *Job) keep(ctx context.Context, p *pair, d *difference) error {
	if j.Keep == nil {
		return nil
	}
	hand := func(fate string) func([][]byte) error {
		return func(row [][]byte) error { return j.Keep.Keep(d.table.own(fate, row)) }
	}
	if d.all {
		_, err := p.standby.stream(ctx, query{text: "SELECT " + list("t.", d.table.copied()) + " FROM " + d.table.from() + " t"}, hand("overwritten"))
		return err
	}
	for _, lot := range []struct {
		fate string
		keys keys
	}{{"deleted", d.gone}, {"overwritten", d.changed}} {
		for _, q := range d.pieces(d.table.fetch(), lot.keys) {
			if _, err := p.standby.stream(ctx, q, hand(lot.fate)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *table) own(fate string, row [][]byte) OwnRow {
	own := OwnRow{Table: t.name, Fate: fate, Values: map[string]*string{}}
	for i, name := range t.copied() {
		var value *string
		if row[i] != nil {
			text := string(row[i])
			value = &text
		}
		own.Values[name] = value
	}
	return own
}
