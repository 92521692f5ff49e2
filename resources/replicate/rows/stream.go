package rows

import "context"

// batch is rows in one piece of memory, so that a table of millions costs no
// allocation a row.
type batch struct {
	width int
	text  []byte
	ends  []int
}

// batchRows is how many rows are handed over at a time.
const batchRows = 1024

func (b *batch) add(row [][]byte) {
	for _, v := range row {
		b.text = append(b.text, v...)
		b.ends = append(b.ends, len(b.text))
	}
}

func (b *batch) len() int { return len(b.ends) / b.width }

func (b *batch) value(row, column int) []byte {
	i := row*b.width + column
	start := 0
	if i > 0 {
		start = b.ends[i-1]
	}
	return b.text[start:b.ends[i]]
}

// reading is the ordered rows of one side.
type reading struct {
	width   int // of a row, in columns
	batches chan *batch
	now     *batch
	at      int
}

// read starts to read what queries give into readings, one after the other. All
// of them end; why they ended early is told after the last.
func (s *side) read(ctx context.Context, queries []query, into []*reading) <-chan error {
	failed := make(chan error, 1)
	go func() {
		answers, err := s.ask(ctx, queries)
		for _, r := range into {
			if err == nil {
				r.fill(ctx, answers)
			}
			close(r.batches)
		}
		if err == nil {
			err = answers.end()
		}
		failed <- err
	}()
	return failed
}

func newReading(width int) *reading { return &reading{width: width, batches: make(chan *batch, 4)} }

// fill reads the next answer.
func (r *reading) fill(ctx context.Context, from *answers) {
	b := &batch{width: r.width}
	hand := func() error {
		select {
		case r.batches <- b:
			b = &batch{width: r.width}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	_, more := from.next(func(row [][]byte) error {
		if b.add(row); b.len() < batchRows {
			return nil
		}
		return hand()
	})
	if more && b.len() > 0 {
		from.failed = hand()
	}
}

// row is one row of a reading; none at its end.
type row struct {
	batch *batch
	index int
}

func (r row) value(column int) []byte { return r.batch.value(r.index, column) }

// next gives the next row.
func (r *reading) next() (row, bool) {
	if r.now == nil || r.at == r.now.len() {
		b, more := <-r.batches
		if !more {
			return row{}, false
		}
		r.now, r.at = b, 0
	}
	r.at++
	return row{r.now, r.at - 1}, true
}
