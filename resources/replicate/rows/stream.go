package rows

import (
	"bytes"
	"cmp"
	"context"
)

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

// order compares the keys of two rows as the servers sort them.
type order []bool // of each column of the key: whether it is a number

func (o order) compare(a, b row) int {
	for i, numeric := range o {
		x, y := a.value(i), b.value(i)
		c := 0
		if numeric {
			c = cmp.Compare(whole(x), whole(y))
		} else {
			c = bytes.Compare(x, y)
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// whole reads a number that PostgreSQL wrote.
func whole(digits []byte) int64 {
	negative := len(digits) > 0 && digits[0] == '-'
	if negative {
		digits = digits[1:]
	}
	var n int64
	for _, d := range digits {
		n = n*10 - int64(d-'0')
	}
	if negative {
		return n
	}
	return -n
}

// same tells whether the values behind the key are the same.
func (o order) same(a, b row, width int) bool {
	for i := len(o); i < width; i++ {
		if !bytes.Equal(a.value(i), b.value(i)) {
			return false
		}
	}
	return true
}
