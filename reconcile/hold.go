package reconcile

import (
	"maps"
	"slices"
)

// A Parted is a Resource of many things, of which one can be held while the
// others go on: the documents of phones.
type Parted interface {
	// Part names the thing that an attribute belongs to; "": the whole.
	Part(attribute string) string
}

// partOf gives the part of an attribute.
func partOf(r Resource) func(attribute string) string {
	if p, can := r.(Parted); can {
		return p.Part
	}
	return func(string) string { return "" }
}

// steps is the change of one thing without the parts that are held, and each of
// those apart.
func (e *Engine) steps(seen sight) []Step {
	if e.Hold == nil {
		return []Step{e.step(seen)}
	}
	var steps []Step
	var apart []string
	whole, parts := seen.change, seen.change.split(partOf(seen.Resource))
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		seen.change = parts[name]
		s := e.step(seen)
		if s.Held = e.Hold(s); s.Held != "" {
			steps, apart = append(steps, s), append(apart, s.names()...)
		}
	}
	if seen.change = whole.without(apart); seen.change.Verb() == None {
		return steps
	}
	rest := e.step(seen)
	rest.apart = apart
	return append(steps, rest)
}

// partsOf lists the parts of attributes, each once.
func partsOf(attributes []string, part func(string) string) []string {
	var parts []string
	for _, a := range attributes {
		parts = append(parts, part(a))
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

// names lists the attributes that differ.
func (c Change) names() []string {
	var names []string
	for _, a := range c.Attributes() {
		names = append(names, a.Name)
	}
	return names
}

// split gives the change of each part that differs.
func (c Change) split(part func(attribute string) string) map[string]Change {
	parts := map[string]Change{}
	for _, a := range c.names() {
		parts[part(a)] = Change{ID: c.ID}
	}
	have, want := c.Have.split(part), c.Want.split(part)
	for name := range parts {
		parts[name] = Change{ID: c.ID, Have: have[name], Want: want[name]}
	}
	return parts
}

func (s State) split(part func(attribute string) string) map[string]State {
	parts := map[string]State{}
	for name, value := range s {
		in := part(name)
		if parts[in] == nil {
			parts[in] = State{}
		}
		parts[in][name] = value
	}
	return parts
}

// without is a change that leaves some attributes as they are.
func (c Change) without(attributes []string) Change {
	c.Want = maps.Clone(c.Want)
	for _, name := range attributes {
		if have, there := c.Have[name]; there && c.Want != nil {
			c.Want[name] = have
		} else {
			delete(c.Want, name)
		}
	}
	return c
}
