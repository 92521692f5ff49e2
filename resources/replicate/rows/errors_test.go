package rows

import "testing"

func TestWhatTheStandbyHolds(t *testing.T) {
	tables := []string{"a", "b", "c", "d", "e", "f", "g"}
	for _, c := range []struct {
		own  Own
		want string
	}{
		{Own{Rows: 3, Tables: tables[:2], First: true}, "3 rows of the standby differ from the master's and would be overwritten or deleted, in a, b; before the first run hotpair cannot tell who changed them"},
		{Own{Rows: 1, Tables: tables[:1], First: true}, "1 row of the standby differs from the master's and would be overwritten or deleted, in a; before the first run hotpair cannot tell who changed it"},
		{Own{Rows: 9, Tables: tables}, "9 rows were made or changed on the standby since the last good run and would be overwritten or deleted, in a, b, c, d, e and 2 more"},
		{Own{Rows: 1, Tables: tables[:1]}, "1 row was made or changed on the standby since the last good run and would be overwritten or deleted, in a"},
	} {
		if got := c.own.Error(); got != c.want {
			t.Errorf("%s, want\n%s", got, c.want)
		}
	}
}
