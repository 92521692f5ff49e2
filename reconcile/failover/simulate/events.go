package simulate

import "time"

// at has an event happen later.
func at(after time.Duration, e Event) Event {
	e.At += after
	return e
}

// repeated has events happen so many times, every so often.
func repeated(times int, every time.Duration, events ...Event) []Event {
	var list []Event
	for i := range times {
		for _, e := range events {
			list = append(list, at(time.Duration(i)*every, e))
		}
	}
	return list
}

func loses(n Node) Event {
	return Event{Says: "the " + n.String() + " loses power", Do: func(w *World) { w.Nodes[n].Power = false }}
}

func regains(n Node) Event {
	return Event{Says: "the " + n.String() + " has power again", Do: func(w *World) { w.Nodes[n].Power = true }}
}

func cut(n Node) Event {
	return Event{Says: "the " + n.String() + " is cut off", Do: func(w *World) { w.Nodes[n].Network = false }}
}

func joined(n Node) Event {
	return Event{Says: "the " + n.String() + " has its network again", Do: func(w *World) { w.Nodes[n].Network = true }}
}

func unlinked() Event {
	return Event{Says: "the link between the nodes is cut", Do: func(w *World) { w.There, w.Back = false, false }}
}

func linked() Event {
	return Event{Says: "the link between the nodes is back", Do: func(w *World) { w.There, w.Back = true, true }}
}

func asterisk(h Health) func(*World) {
	return func(w *World) { w.Nodes[Master].Asterisk = h }
}
