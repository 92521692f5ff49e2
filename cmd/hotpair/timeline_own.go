package main

import (
	"fmt"
	"slices"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/record"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/timeline"
)

// ownStory is what this node recorded. What was replicated the history tells, so
// that the record's word of it is left out.
func ownStory(h *host.Host, how timeline.How) (*timeline.List, error) {
	events, err := ownEvents(h)
	if err != nil {
		return nil, err
	}
	runs, err := replicate.History(h)
	if err != nil {
		return nil, err
	}
	list := append(runEntries(runs, how.All), events...)
	slices.SortStableFunc(list, func(a, b timeline.Entry) int { return a.At.Compare(b.At) })
	list = slices.DeleteFunc(list, func(e timeline.Entry) bool { return !how.Span.Has(e.At) })
	return &list, nil
}

// ownEvents is what this node recorded of anything but what was replicated.
func ownEvents(h *host.Host) (list []timeline.Entry, err error) {
	events, err := record.Read(h)
	for _, e := range events {
		if !slices.Contains([]string{wasReplicated, notReplicated, replicatedByHand}, e.Message) {
			list = append(list, timeline.OfRecord(e))
		}
	}
	return list, err
}

// runEntries are the runs that tell something: not those that found nothing to
// copy; of failures that follow each other and say the same the first, with how
// often it came again.
func runEntries(runs []replicate.Entry, all bool) timeline.List {
	var list timeline.List
	last, again := map[string]replicate.Entry{}, map[string]int{}
	at := map[string]int{}
	for _, r := range runs {
		if r.Result == replicate.Unchanged && last[r.What].Error == "" && !all {
			continue
		}
		was := last[r.What]
		last[r.What] = r
		if r.Error != "" && r.Error == was.Error && !all {
			again[r.What]++
			list[at[r.What]].Text = fmt.Sprintf("%s (%s more until %s)", clean(was.Line()), count(again[r.What], "time"), clock(r.At))
			continue
		}
		e := timeline.Entry{At: r.At, From: "replication", Text: host.OneLine(r.Line())}
		if r.Error != "" {
			e.Level = "WARN"
		}
		at[r.What], again[r.What] = len(list), 0
		list = append(list, e)
	}
	return list
}
