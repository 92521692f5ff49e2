package host

import (
	"slices"
	"testing"
)

func TestTheLatestIsReadWhereItChanged(t *testing.T) {
	h, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	const name = "/var/lib/hotpair/numbers.jsonl"
	reads := 0
	latest := Latest[int]{Host: h, Path: name, Most: 3, Read: func(h *Host) ([]int, error) {
		reads++
		return Lines[int](h, name)
	}}
	expect := func(times int, want ...int) {
		t.Helper()
		for range 2 {
			if got, err := latest.List(); err != nil || !slices.Equal(got, want) {
				t.Errorf("%v, %v, not %v", got, err, want)
			}
		}
		if reads != times {
			t.Errorf("it was read %d times, not %d", reads, times)
		}
	}
	expect(2) // what is not there is looked for each time
	for n := range 5 {
		if err := h.AppendLine(name, n, 1<<10); err != nil {
			t.Fatal(err)
		}
	}
	expect(3, 2, 3, 4)
	if err := h.AppendLine(name, 5, 1<<10); err != nil {
		t.Fatal(err)
	}
	expect(4, 3, 4, 5)
}
