package reconcile

import (
	"cmp"
	"slices"
)

// order sorts steps into the sequence in which they are carried out: removals
// by falling rank, then creations and updates by rising rank, then what stands
// next to the record of what has been achieved, then the record itself. Dismantling is the exact reverse, so that the
// record never says more than is true.
func order(steps []Step, dismantling bool) {
	slices.SortStableFunc(steps, func(a, b Step) int {
		if dismantling {
			a, b = b, a
		}
		return cmp.Or(
			cmp.Compare(phase(a), phase(b)),
			phased(a, b),
			cmp.Compare(a.ID.String(), b.ID.String()),
		)
	})
}

func phase(s Step) int {
	switch {
	case s.Record:
		return 3
	case s.Rank < 0:
		return 2
	case s.Verb() == Remove:
		return 0
	}
	return 1
}

func phased(a, b Step) int {
	if phase(a) == 0 {
		return cmp.Compare(b.Rank, a.Rank)
	}
	return cmp.Compare(a.Rank, b.Rank)
}
