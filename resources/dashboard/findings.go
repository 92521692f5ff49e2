package dashboard

import (
	"cmp"
	"slices"
)

// finding is something amiss, and what to do about it.
type finding struct {
	Level    Level    `json:"level"`
	Title    string   `json:"title"`
	Text     string   `json:"text,omitempty"`     // what is to be typed stands between backquotes
	Commands []string `json:"commands,omitempty"` // to be typed, each by itself
	On       string   `json:"on,omitempty"`       // where, unless that is this node
}

// Says is the text in parts.
func (f finding) Says() []span { return spans(f.Text) }

// mostFindings are shown one by one.
const mostFindings = 12

// findings lists what is amiss, the worst first.
func (v view) findings() []finding {
	list := v.daemonFindings()
	if v.Known {
		list = slices.Concat(v.failoverFindings(), list, v.nodeFindings(), v.replicationFindings(), v.outageFindings())
	}
	for i, f := range list {
		f.Title, f.Text, f.On = cleaned(f.Title), sentence(f.Text), cleaned(f.On)
		f.Commands = each(f.Commands, cleaned)
		list[i] = f
	}
	slices.SortStableFunc(list, func(a, b finding) int { return cmp.Compare(b.Level, a.Level) })
	return list
}
