package reconcile

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func drawState(t *rapid.T, name string) State {
	names := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d"}), rapid.ID[string]).Draw(t, name)
	if len(names) == 0 {
		return nil
	}
	s := State{}
	for _, n := range names {
		make := Text
		if rapid.Bool().Draw(t, name+n+"secret") {
			make = Secret
		}
		s[n] = make(rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, name+n))
	}
	return s
}

// Carrying out exactly the attributes that a change lists leads from Have to
// Want, and a change lists nothing if and only if there is nothing to do.
func TestAttributesLeadFromHaveToWant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Change{Have: drawState(t, "have"), Want: drawState(t, "want")}
		got := State{}
		for name, v := range c.Have {
			got[name] = v
		}
		for _, a := range c.Attributes() {
			if a.Want == nil {
				delete(got, a.Name)
			} else {
				got[a.Name] = *a.Want
			}
		}
		if len(got) != len(c.Want) || len(got) > 0 && !got.Equal(c.Want) {
			t.Fatalf("%v by %v gave %v, want %v", c.Have, c.Attributes(), got, c.Want)
		}
		if (c.Verb() == None) != (len(c.Attributes()) == 0) {
			t.Fatalf("verb %q with attributes %v", c.Verb(), c.Attributes())
		}
	})
}

func drawSteps(t *rapid.T) []Step {
	kinds := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"}), 1, 6, rapid.ID[string]).Draw(t, "kinds")
	var steps []Step
	for _, k := range kinds {
		c := Change{ID: ID{Kind: k}, Have: State{"x": Text("1")}, Want: State{"x": Text("2")}}
		switch rapid.IntRange(0, 2).Draw(t, k) {
		case 0:
			c.Have = nil
		case 1:
			c.Want = nil
		}
		steps = append(steps, Step{Change: c, Rank: rapid.IntRange(1, 3).Draw(t, k+"rank")})
	}
	return steps
}

func TestRemovalsComeFirstByFallingRankThenTheRestByRisingRank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := drawSteps(t)
		order(steps, false)
		for i := 1; i < len(steps); i++ {
			a, b := steps[i-1], steps[i]
			switch {
			case a.Verb() != Remove && b.Verb() == Remove:
				t.Fatalf("%s is removed after %s was made", b.ID, a.ID)
			case a.Verb() == Remove && b.Verb() == Remove && a.Rank < b.Rank:
				t.Fatalf("rank %d is removed before rank %d", a.Rank, b.Rank)
			case a.Verb() != Remove && b.Verb() != Remove && a.Rank > b.Rank:
				t.Fatalf("rank %d is made before rank %d", a.Rank, b.Rank)
			}
		}
	})
}

func TestDismantlingIsTheExactReverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		up := drawSteps(t)
		down := slices.Clone(up)
		order(up, false)
		order(down, true)
		slices.Reverse(down)
		for i := range up {
			if up[i].ID != down[i].ID {
				t.Fatalf("up %v, down reversed %v", up, down)
			}
		}
	})
}
