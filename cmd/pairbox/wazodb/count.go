package wazodb

const (
	ofUsers = 5000 // the users of the platform that was counted
	few     = 4    // the rows of a table that was not counted
)

// count is how many rows a table gets.
func (w filler) count(table string) int {
	if n, is := w.counts[table]; is {
		return n
	}
	n, listed := w.rows[table]
	switch {
	case !listed || !w.History && history(table):
		n = w.bounded(table, few)
	case table == "func_key_template":
		n = w.count("userfeatures") + w.Users/100 + 1 // one for each user, and some that are shared
	case n >= ofUsers:
		n = (n*w.Users + ofUsers - 1) / ofUsers
	}
	w.counts[table] = n
	return n
}

func history(table string) bool {
	switch table {
	case "cel", "call_logd_call_log", "call_logd_call_log_participant", "queue_log", "stat_agent_periodic":
		return true
	}
	return false
}

// bounded is n, or less if a unique index of nothing but references has no room
// for as many rows: row i refers to row i of each parent, modulo their number.
func (w filler) bounded(table string, n int) int {
	for _, i := range w.indexes {
		if i.table != table || !i.unique() {
			continue
		}
		room := 1
		for _, name := range i.columns {
			key, _ := w.reference(table, name)
			if key.parent == "" {
				room = n
				break
			}
			room = lcm(room, w.count(key.parent))
		}
		n = min(n, room)
	}
	return n
}

func lcm(a, b int) int {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x * b
}

// reference is the foreign key that a column's value comes from, and the column
// it refers to. Of several it is the one of the most columns, which the others
// are part of.
func (w filler) reference(table, column string) (found foreignKey, parent string) {
	for _, k := range w.keys {
		for i, name := range k.columns {
			if k.table == table && name == column && len(k.columns) > len(found.columns) {
				found, parent = k, k.parentColumns[i]
			}
		}
	}
	return found, parent
}
