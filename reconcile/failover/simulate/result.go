package simulate

import (
	"slices"
	"time"
)

// A Result is what came of a scenario. Times count from the first event.
type Result struct {
	Scenario  Scenario
	Timeline  []Entry
	Takeovers []Spell         // in which the standby was to serve
	Both      time.Duration   // in which both nodes answered phones
	Outages   []time.Duration // the longest of each phone: without a node that serves it; sorted
	Unserved  int             // phones that no node serves at the end
	Lasted    time.Duration
	Busiest   [2]int // registrations in one second: on the master's return, on the standby
	CutOff    bool   // the standby held back since it took itself for cut off, while phones were not served
	Held      bool   // it held back since ha.hcl says so
	Stayed    bool   // at the end the standby still serves
}

// An Entry is a line of the timeline. Node is "" for what happens to the pair.
type Entry struct {
	At   time.Duration
	Node string
	Says string
}

// A Spell is a time that began and, unless To is 0, ended.
type Spell struct{ From, To time.Duration }

// Longest is the longest outage of a phone.
func (r Result) Longest() time.Duration { return r.Share(100) }

// Share is the outage that a share of the phones, in percent, at most had.
func (r Result) Share(percent int) time.Duration {
	if len(r.Outages) == 0 {
		return 0
	}
	at := (len(r.Outages)*percent + 99) / 100
	return r.Outages[max(at, 1)-1]
}

// A Bar is how many outages were From to To, To not included.
type Bar struct {
	From, To time.Duration
	Count    int
}

// Spread sorts the outages into a few bars of one round width.
func (r Result) Spread() []Bar {
	const most = 12
	width := time.Second
	for _, w := range []time.Duration{5, 10, 30, 60, 300, 600, 1800, 3600, 4 * 3600} {
		if r.Longest()/width >= most {
			width = w * time.Second
		}
	}
	bars := make([]Bar, r.Longest()/width+1)
	for i := range bars {
		bars[i].From, bars[i].To = time.Duration(i)*width, time.Duration(i+1)*width
	}
	for _, o := range r.Outages {
		bars[o/width].Count++
	}
	first := slices.IndexFunc(bars, func(b Bar) bool { return b.Count > 0 })
	return bars[max(first, 0):]
}
