package rows

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Classes say what becomes of a table. The strongest comes first: version
// tables are compared and never copied, node-local and excluded ones are
// neither; all others are copied.
type Classes struct {
	Version, NodeLocal, Excluded []string
	// Volatile tables are copied and change all the time: they are no reason for a
	// run, and what the standby has in them is not its own.
	Volatile []string
	// Known are the tables that are meant to be copied; others are, too, and are
	// named in a warning. None: all are.
	Known []string
	// Named are those that the administrator excluded: one that is nowhere is
	// named in a warning.
	Named []string
}

func (c Classes) copied(name string) bool {
	return !slices.Contains(c.Version, name) && !slices.Contains(c.NodeLocal, name) && !slices.Contains(c.Excluded, name)
}

// withParts has the partitions of a table share its class.
func (c Classes) withParts(there *catalog) Classes {
	c.Excluded = slices.Clone(c.Excluded)
	for part, whole := range there.whole {
		if !c.copied(whole) {
			c.Excluded = append(c.Excluded, part)
		}
	}
	return c
}

func (c Classes) volatile(name string) bool { return slices.Contains(c.Volatile, name) }

// warnings names what the classes do not know and what they name in vain.
func (c Classes) warnings(there *catalog) []string {
	var unknown, missing, list []string
	for _, name := range slices.Sorted(maps.Keys(there.tables)) {
		if len(c.Known) > 0 && c.copied(name) && !slices.Contains(c.Known, name) {
			unknown = append(unknown, name)
		}
	}
	for _, name := range c.Named {
		if there.tables[name] == nil {
			missing = append(missing, name)
		}
	}
	if len(unknown) > 0 {
		list = append(list, fmt.Sprintf("copied although the platform does not know %s: %s. Exclude what is not to follow the master: replication.extra_exclude.tables", plural(len(unknown), "this table", "these tables"), strings.Join(unknown, ", ")))
	}
	if len(missing) > 0 {
		list = append(list, fmt.Sprintf("excluded and not in the database: %s. Look for a misspelling in replication.exclude or extra_exclude", strings.Join(missing, ", ")))
	}
	return list
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
