package rows

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// query is a statement and its parameters, which are arrays of text.
type query struct {
	text   string
	params [][]string
}

// answers are what statements that were sent in one go give, one after the
// other. Nothing else goes over the session before their end.
type answers struct {
	side    *side
	results *pgconn.MultiResultReader
	failed  error // of whoever reads them
}

// ask sends statements.
func (s *side) ask(ctx context.Context, queries []query) (*answers, error) {
	batch := &pgconn.Batch{}
	for _, q := range queries {
		values, types, err := s.arrays(q.params)
		if err != nil {
			return nil, err
		}
		batch.ExecParams(q.text, values, types, nil, nil)
	}
	return &answers{side: s, results: s.conn.PgConn().ExecBatch(ctx, batch)}, nil
}

var errMissing = errors.New("a result is missing")

// next hands on the rows of the next statement, valid during the call only, and
// tells how many rows it read or changed. Where it fails, so does all that
// follows, and end tells why.
func (a *answers) next(each func(row [][]byte) error) (rows int64, good bool) {
	if a.failed != nil {
		return 0, false
	}
	if !a.results.NextResult() {
		a.failed = a.side.wrap(cmp.Or(a.results.Close(), errMissing))
		return 0, false
	}
	result := a.results.ResultReader()
	for a.failed == nil && result.NextRow() {
		if each != nil {
			a.failed = each(result.Values())
		}
	}
	tag, err := result.Close()
	if a.failed == nil {
		a.failed = a.side.wrap(err)
	}
	return tag.RowsAffected(), a.failed == nil
}

// end drops what was not read.
func (a *answers) end() error {
	err := a.side.wrap(a.results.Close())
	return cmp.Or(a.failed, err)
}

// counts gives the number of rows that each statement reads or changes.
func (s *side) counts(ctx context.Context, queries []query) ([]int64, error) {
	if len(queries) == 0 {
		return nil, nil
	}
	answers, err := s.ask(ctx, queries)
	if err != nil {
		return nil, err
	}
	list := make([]int64, len(queries))
	for i := range list {
		list[i], _ = answers.next(nil)
	}
	return list, answers.end()
}

// each runs statements without parameters, and hands on the rows of each.
func (s *side) each(ctx context.Context, statements []string, take func(i int, row []string)) error {
	answers := &answers{side: s, results: s.conn.PgConn().Exec(ctx, strings.Join(statements, ";\n"))}
	for i := range statements {
		answers.next(func(row [][]byte) error {
			take(i, texts(row))
			return nil
		})
	}
	return answers.end()
}

// results runs statements without parameters, and gives the rows of each.
func (s *side) results(ctx context.Context, statements []string) ([][][]string, error) {
	all := make([][][]string, len(statements))
	err := s.each(ctx, statements, func(i int, row []string) { all[i] = append(all[i], row) })
	return all, err
}

// stream runs one statement and hands on its rows.
func (s *side) stream(ctx context.Context, q query, each func(row [][]byte) error) (int64, error) {
	answers, err := s.ask(ctx, []query{q})
	if err != nil {
		return 0, err
	}
	n, _ := answers.next(each)
	return n, answers.end()
}

// table runs one statement and gives its rows, all values as text; nil is NULL.
func (s *side) table(ctx context.Context, q query) ([][][]byte, error) {
	var rows [][][]byte
	_, err := s.stream(ctx, q, func(row [][]byte) error {
		copied := make([][]byte, len(row))
		for i, v := range row {
			if v != nil {
				copied[i] = append([]byte{}, v...)
			}
		}
		rows = append(rows, copied)
		return nil
	})
	return rows, err
}

// arrays encodes parameters that are arrays of text.
func (s *side) arrays(params [][]string) (values [][]byte, types []uint32, err error) {
	for _, p := range params {
		encoded, err := s.conn.TypeMap().Encode(pgtype.TextArrayOID, pgtype.TextFormatCode, p, nil)
		if err != nil {
			return nil, nil, s.wrap(err)
		}
		values, types = append(values, encoded), append(types, pgtype.TextArrayOID)
	}
	return values, types, nil
}
