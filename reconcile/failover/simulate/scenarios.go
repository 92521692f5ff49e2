package simulate

import "time"

// A Scenario is what happens, from midnight on.
type Scenario struct {
	Name, Doc string
	Events    []Event // in their order
}

// An Event changes the world.
type Event struct {
	At   time.Duration
	Says string
	Do   func(*World)
}

// Scenarios are those that are known, in the order in which they are told.
func Scenarios() []Scenario {
	return append(deaths(), disturbances()...)
}

const long = 10 * time.Minute

// lasting is a scenario of something that ends after a time.
func lasting(name, doc string, d time.Duration, begins, ends Event) Scenario {
	ends.At = d
	return Scenario{Name: name, Doc: doc, Events: []Event{begins, ends}}
}

// deaths are those in which the master does not serve.
func deaths() []Scenario {
	return []Scenario{
		lasting("power-loss", "the master loses power for 10 minutes", long, loses(Master), regains(Master)),
		{"asterisk-hangs", "the master's Asterisk answers no more until it is started anew", []Event{{Says: "the master's Asterisk hangs", Do: asterisk(Hanging)}}},
		lasting("asterisk-broken", "the master's Asterisk answers no more for 10 minutes, started anew or not", long,
			Event{Says: "the master's Asterisk answers no more", Do: asterisk(Broken)}, Event{Says: "the master's Asterisk is mended", Do: asterisk(Well)}),
		{"asterisk-hangs-untold", "the same, and the master's hotpair is ended too, so that it cannot be told", []Event{
			{Says: "the master's Asterisk hangs, and its hotpair is ended", Do: func(w *World) {
				w.Nodes[Master].Asterisk, w.Nodes[Master].Hotpair = Hanging, false
			}},
			{At: long, Says: "an operator starts both anew", Do: func(w *World) {
				w.Nodes[Master].Asterisk, w.Nodes[Master].Hotpair = Well, true
			}}}},
		lasting("master-cut-off", "the master loses its network for 10 minutes", long, cut(Master), joined(Master)),
		lasting("power-and-witness", "the master and the witnesses lose power for 10 minutes", long,
			Event{Says: "the master and the witnesses lose power", Do: func(w *World) { w.Nodes[Master].Power, w.Witness = false, false }},
			Event{Says: "the master and the witnesses have power again", Do: func(w *World) { w.Nodes[Master].Power, w.Witness = true, true }}),
		{"power-flaps", "the master loses power for 2 minutes, six times in 72 minutes", flaps(6, 12*time.Minute, 2*time.Minute, []Event{loses(Master), regains(Master)})},
		{"both-start", "both nodes lose power; the standby has it again after 1 minute, the master after 3", []Event{
			{Says: "both nodes lose power", Do: func(w *World) { w.Nodes[Master].Power, w.Nodes[Standby].Power = false, false }},
			at(time.Minute, regains(Standby)), at(3*time.Minute, regains(Master))}},
		{"standby-restarts", "the master loses power for 10 minutes, and the standby for 1 while it serves", []Event{
			loses(Master), at(4*time.Minute, loses(Standby)), at(5*time.Minute, regains(Standby)), at(long, regains(Master))}},
	}
}

// flaps repeats two events: the second comes a time after the first.
func flaps(times int, every, after time.Duration, e []Event) []Event {
	var list []Event
	for i := range times {
		from := time.Duration(i) * every
		list = append(list, at(from, e[0]), at(from+after, e[1]))
	}
	return list
}

func at(after time.Duration, e Event) Event {
	e.At = after
	return e
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

func asterisk(h Health) func(*World) {
	return func(w *World) { w.Nodes[Master].Asterisk = h }
}
