package replicate

import (
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/resources/words"
)

// Line is one run in a line, for people.
func (e Entry) Line() string { return e.What + ": " + e.Says() }

// Says is how a run went, in words.
func (e Entry) Says() string {
	took := fmt.Sprintf("%.2f s", e.Took)
	thing, unit := "row", "table"
	if e.What == FilesName {
		thing, unit = "file", "path"
	}
	figures := amounts(e, thing)
	switch e.Result {
	case Same:
		return fmt.Sprintf("equal by content: %s compared in %s", words.Count(e.Looked, unit), took)
	case Differs:
		return fmt.Sprintf("not equal: %s, of %s compared in %s", differing(e, thing), words.Count(e.Looked, unit), took)
	case Planned:
		return fmt.Sprintf("to be copied: %s (%s compared in %s)", figures, words.Count(e.Looked, unit), took)
	case Unchanged:
		return fmt.Sprintf("nothing to copy (%s compared in %s)", words.Count(e.Looked, unit), took)
	case Copied:
		return fmt.Sprintf("copied: %s (%s compared in %s)", figures, words.Count(e.Looked, unit), took)
	}
	result := e.Result
	if e.Verify {
		result = "verify " + result
	}
	return result + ": " + e.Error
}

// amounts counts what was copied.
func amounts(e Entry, thing string) string {
	var parts []string
	if e.Inserted+e.Changed+e.Deleted != 1 {
		thing += "s"
	}
	for _, p := range []struct {
		n    int64
		verb string
	}{{e.Inserted, "new"}, {e.Changed, "changed"}, {e.Deleted, "deleted"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.verb))
		}
	}
	text := "no " + thing
	if len(parts) > 0 {
		text = strings.Join(parts, ", ") + " " + thing
	}
	if e.Sequences > 0 {
		text += ", " + words.Count(e.Sequences, "sequence")
	}
	return text
}

// differing counts what a verification found.
func differing(e Entry, thing string) string {
	text := fmt.Sprintf("%s missing on the standby, %d other there, %d too many", words.Count(int(e.Inserted), thing), e.Changed, e.Deleted)
	if e.Sequences > 0 {
		text += ", " + words.Count(e.Sequences, "sequence") + " elsewhere"
	}
	return text
}
