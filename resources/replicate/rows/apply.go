package rows

import (
	"cmp"
	"context"
	"errors"
	"io"
)

// chunk is how many rows go in one statement.
const chunk = 2000

// write makes the standby's tables what the master's are: all that is to go goes
// first, while the master begins to read what is to come.
func (p *pair) write(ctx context.Context, differing []*difference) error {
	var some, whole []flow
	for _, d := range differing {
		f := flow{difference: d}
		f.reader, f.writer = io.Pipe()
		switch {
		case d.all && d.master > 0:
			whole = append(whole, f)
		case !d.all && d.freshRows+d.changedRows > 0:
			some = append(some, f)
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- p.master.give(ctx, some, whole) }()
	flows := append(some, whole...)
	err := p.standby.remove(ctx, differing)
	if err == nil {
		err = p.standby.insert(ctx, flows)
	}
	for _, f := range flows {
		f.reader.CloseWithError(errSinkEnded)
	}
	if cause := <-ended; cause != nil && !errors.Is(cause, errSinkEnded) {
		return cause
	}
	return err
}

// remove deletes what differs or is gone.
func (s *side) remove(ctx context.Context, differing []*difference) error {
	var queries []query
	var of []*difference
	for _, d := range differing {
		list := d.pieces(d.table.remove(), d.gone, d.changed)
		switch {
		case d.all && d.standby > 0:
			list = []query{{text: "DELETE FROM " + d.table.from()}}
		case d.all:
			list = nil
		}
		for _, q := range list {
			queries, of = append(queries, q), append(of, d)
		}
	}
	counts, err := s.counts(ctx, queries)
	for i, n := range counts {
		of[i].deleted += n
	}
	return err
}

// pieces are a statement for keys, for no more than a chunk of them at a time.
func (d *difference) pieces(statement string, lots ...keys) (list []query) {
	for _, k := range lots {
		for at := 0; at < k.count(); at += chunk {
			list = append(list, query{statement, k.part(at, min(at+chunk, k.count()))})
		}
	}
	return list
}

// insert copies what comes.
func (s *side) insert(ctx context.Context, flows []flow) error {
	for _, f := range flows {
		tag, err := s.conn.PgConn().CopyFrom(ctx, f.reader, f.table.copyIn())
		if err != nil {
			return s.wrap(err)
		}
		f.inserted = tag.RowsAffected()
	}
	return nil
}

// give reads what goes into the tables, some rows of some and all of others.
func (s *side) give(ctx context.Context, some, whole []flow) error {
	err := s.giveSome(ctx, some)
	for _, f := range whole {
		err = f.fill(err, func(to io.Writer) error {
			_, err := s.conn.PgConn().CopyTo(ctx, to, f.table.copyOut())
			return s.wrap(err)
		})
	}
	return err
}

func (s *side) giveSome(ctx context.Context, flows []flow) error {
	if len(flows) == 0 {
		return nil
	}
	var queries []query
	for _, f := range flows {
		queries = append(queries, f.wanted()...)
	}
	answers, err := s.ask(ctx, queries)
	for _, f := range flows {
		err = f.fill(err, func(to io.Writer) error { return f.lines(answers, to) })
	}
	if answers != nil {
		err = cmp.Or(err, answers.end())
	}
	return err
}
