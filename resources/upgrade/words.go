package upgrade

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/resources/replicate/rows"
)

// named is a release in words.
func named(v rows.Versions) string {
	if p := v.Product(); p != "" {
		return p
	}
	return "what its version tables said before"
}

// change is one of the release, in words.
func change(from, to rows.Versions) string {
	if a, b := from.Product(), to.Product(); a != b && a != "" && b != "" {
		return a + " to " + b
	}
	var other []string
	for _, name := range differing(from, to) {
		other = append(other, fmt.Sprintf("%s %q to %q", name, from[name], to[name]))
	}
	return strings.Join(other, ", ")
}

// apart is in what the nodes differ, in words.
func apart(here, there rows.Versions) string {
	if a, b := here.Product(), there.Product(); a != b && a != "" && b != "" {
		return fmt.Sprintf("this node has %s, and the standby has %s", a, b)
	}
	var other []string
	for _, name := range differing(here, there) {
		other = append(other, fmt.Sprintf("%s is %q here and %q on the standby", name, here[name], there[name]))
	}
	return strings.Join(other, ", ")
}

// differing are the things of which two releases say something else.
func differing(a, b rows.Versions) []string {
	all := maps.Clone(a)
	if all == nil {
		all = rows.Versions{}
	}
	maps.Copy(all, b)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool { return a[name] == b[name] })
}
