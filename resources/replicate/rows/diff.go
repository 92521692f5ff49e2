package rows

// difference is what is not the same in one table.
type difference struct {
	table           *table
	master, standby int64 // rows there are
	fresh           keys  // on the master alone
	changed         keys  // on both, with another content
	gone            keys  // on the standby alone
	all             bool  // the table is to be replaced: too much differs, or the standby has nothing

	freshRows, changedRows, goneRows int64
	inserted, deleted                int64 // on the standby, by this run
}

// keys are rows by their keys, an array a column.
type keys [][]string

func (k keys) count() int {
	if len(k) == 0 {
		return 0
	}
	return len(k[0])
}

// add appends the key of a row, which begins at some column.
func (k *keys) add(r row, first, columns int) {
	if *k == nil {
		*k = make(keys, columns)
	}
	for i := range columns {
		(*k)[i] = append((*k)[i], string(r.value(first+i)))
	}
}

// part is the keys from one index to another.
func (k keys) part(from, to int) keys {
	cut := make(keys, len(k))
	for i := range k {
		cut[i] = k[i][from:to]
	}
	return cut
}

func (d *difference) empty() bool { return d.freshRows+d.changedRows+d.goneRows == 0 }

// tooMany is how many differing keys are kept in memory, and fewRows the share
// of a table, as a divisor, above which it is replaced as a whole.
const (
	tooMany = 200000
	fewRows = 2
)

// order is how the keys are sorted, and how many columns a row of the
// comparison has.
func (t *table) order() (order, int) {
	if t.key == nil {
		return order{false}, 2
	}
	var o order
	if t.led() {
		o = order{true}
	}
	for _, name := range t.key {
		o = append(o, t.numeric(name))
	}
	return o, len(o) + 1
}

func (d *difference) merge(a, b *reading, o order, width int) {
	x, more := a.next()
	y, also := b.next()
	for more || also {
		side := 0
		switch {
		case !more:
			side = 1
		case !also:
			side = -1
		default:
			side = o.compare(x, y)
		}
		d.take(side, x, y, side == 0 && o.same(x, y, width))
		if side <= 0 {
			x, more = a.next()
		}
		if side >= 0 {
			y, also = b.next()
		}
	}
}

// times is how many rows a row of the comparison stands for.
func (d *difference) times(r row) int64 {
	if d.table.key != nil {
		return 1
	}
	return whole(r.value(1))
}

// take enters what one step of the merge found: the row of the side that is
// behind, or both.
func (d *difference) take(side int, x, y row, same bool) {
	columns, first := max(len(d.table.key), 1), 0
	if d.table.led() {
		first = 1
	}
	keep := d.fresh.count()+d.changed.count()+d.gone.count() < tooMany
	switch {
	case side < 0:
		d.freshRows += d.times(x)
		if keep {
			d.fresh.add(x, first, columns)
		}
	case side > 0:
		d.goneRows += d.times(y)
		if keep {
			d.gone.add(y, first, columns)
		}
	case !same:
		d.changedRows += max(d.times(x), d.times(y))
		if keep {
			d.changed.add(x, first, columns)
		}
	default:
		return
	}
	d.all = d.all || !keep
}

// weigh decides whether the table is cheaper to replace as a whole.
func (d *difference) weigh() {
	differing := d.freshRows + d.changedRows + d.goneRows
	if differing > 0 && (d.standby == 0 || differing > max(d.master, d.standby)/fewRows && differing > batchRows) {
		d.all = true
	}
}
