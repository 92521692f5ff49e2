package files

import (
	"errors"
	"path"
	"slices"
	"time"
)

// finish does what needs no content, deletes last and only if all went well,
// and tells the outcomes.
func (r *receiver) finish(items []*received) error {
	well := true
	for _, it := range items {
		if err := r.act(it); err != nil {
			it.fail("writing", err)
		}
		well = well && it.failed == nil
	}
	last := outcome{Last: true}
	if well {
		r.deleteAll(items, &last)
	}
	r.settleDirs(items)
	for i, it := range items {
		o := outcome{Item: i, Verb: it.verb}
		switch {
		case it.failed != nil:
			o.Error = message(it.failed)
		case it.Kind == kindGone && (!well || last.Refused), o.Verb == "":
			continue
		}
		if err := r.writeJSON(o); err != nil {
			return err
		}
	}
	return errors.Join(r.writeJSON(last), r.w.Flush())
}

func (r *receiver) act(it *received) error {
	switch {
	case it.failed != nil:
		return nil
	case it.Kind == kindLink && it.need == needContent:
		return r.link(it)
	case it.Kind == kindFile && it.need == needAttributes, it.Kind == kindLink && it.need == needAttributes:
		return r.settle(it)
	}
	return nil
}

// deleteAll deletes what is gone on the master unless the guard holds.
func (r *receiver) deleteAll(items []*received, last *outcome) {
	gone := slices.DeleteFunc(slices.Clone(items), func(it *received) bool { return it.Kind != kindGone || it.need == needNothing })
	deletes := 0
	for _, it := range gone {
		n, err := r.tree.count(it.dir, it.rel)
		if err != nil {
			it.fail("counting", err)
			return
		}
		deletes += n
	}
	sum, of, err := r.guard.add(deletes, r.tree.total)
	switch {
	case err != nil && len(gone) > 0:
		gone[0].fail("guarding", err)
		return
	case sum > 0:
		last.Refused, last.Deletes, last.Of = true, sum, of
		return
	}
	for _, it := range gone {
		if err := r.tree.remove(it.root, it.dir, it.rel); err != nil {
			it.fail("deleting", err)
		}
	}
}

// settleDirs gives directories their attributes, the deepest first, for work in
// them has changed their times, and has the names in them outlive a power cut.
func (r *receiver) settleDirs(items []*received) {
	touched := map[string]bool{}
	for _, it := range items {
		if it.verb != "" && it.failed == nil {
			touched[path.Dir(it.name)] = true
		}
	}
	sync := func(it *received) error {
		if !touched[it.name] {
			return nil
		}
		return syncDir(it.root, it.rel)
	}
	for _, step := range []func(*received) error{r.settle, sync} {
		for _, it := range slices.Backward(items) {
			if it.Kind != kindDir || it.failed != nil {
				continue
			}
			if err := step(it); err != nil {
				it.fail("writing", err)
			}
		}
	}
}

// guard holds up deletes that come little by little, too: it counts those of an
// hour.
type guard struct {
	percent int
	since   time.Time
	done    int
}

// add counts deletes that are about to happen. Too many are not counted but
// given back as sum, with how many there were before the first.
func (g *guard) add(deletes int, total func() (int, error)) (sum, of int, err error) {
	if time.Since(g.since) > time.Hour {
		g.since, g.done = time.Now(), 0
	}
	if sum = g.done + deletes; sum > alwaysDeleted && deletes > 0 {
		have, err := total()
		if err != nil {
			return 0, 0, err
		}
		if of = have + g.done; sum > allowed(of, g.percent) {
			return sum, of, nil
		}
	}
	g.done += deletes
	return 0, 0, nil
}
