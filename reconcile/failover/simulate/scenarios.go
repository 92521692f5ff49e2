package simulate

import "time"

// A Scenario is what happens, from midnight on.
type Scenario struct {
	Name, Doc string
	Events    []Event // in their order; the first is at 0
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

// deaths are those in which the master does not serve.
func deaths() []Scenario {
	return []Scenario{
		{"power-loss", "the master loses power for 10 minutes",
			[]Event{loses(Master), at(long, regains(Master))}},
		{"asterisk-hangs", "the master's Asterisk answers no more until it is started anew",
			[]Event{{Says: "the master's Asterisk hangs", Do: asterisk(Hanging)}}},
		{"asterisk-broken", "the master's Asterisk answers no more for 10 minutes, started anew or not", []Event{
			{Says: "the master's Asterisk answers no more", Do: asterisk(Broken)},
			{At: long, Says: "the master's Asterisk is mended", Do: asterisk(Well)}}},
		{"asterisk-hangs-untold", "the master's Asterisk hangs and its hotpair is ended, so that it cannot be told", []Event{
			{Says: "the master's Asterisk hangs, and its hotpair is ended", Do: func(w *World) {
				w.Nodes[Master].Asterisk, w.Nodes[Master].Hotpair = Hanging, false
			}},
			{At: long, Says: "an operator starts both anew", Do: func(w *World) {
				w.Nodes[Master].Asterisk, w.Nodes[Master].Hotpair = Well, true
			}}}},
		{"master-cut-off", "the master loses its network for 10 minutes",
			[]Event{cut(Master), at(long, joined(Master))}},
		{"power-and-witness", "the master and the witnesses lose power for 10 minutes", []Event{
			{Says: "the master and the witnesses lose power", Do: func(w *World) { w.Nodes[Master].Power, w.Witness = false, false }},
			{At: long, Says: "the master and the witnesses have power again", Do: func(w *World) { w.Nodes[Master].Power, w.Witness = true, true }}}},
		{"power-flaps", "the master loses power for 2 minutes, six times in 72 minutes",
			repeated(6, 12*time.Minute, loses(Master), at(2*time.Minute, regains(Master)))},
		{"both-start", "both nodes lose power; the standby has it again after 1 minute, the master after 3", []Event{
			{Says: "both nodes lose power", Do: func(w *World) { w.Nodes[Master].Power, w.Nodes[Standby].Power = false, false }},
			at(time.Minute, regains(Standby)), at(3*time.Minute, regains(Master))}},
		{"standby-restarts", "the master loses power for 10 minutes, and the standby for 1 while it serves",
			[]Event{loses(Master), at(4*time.Minute, loses(Standby)), at(5*time.Minute, regains(Standby)), at(long, regains(Master))}},
	}
}

// disturbances are those in which the master serves, or soon does again.
func disturbances() []Scenario {
	return []Scenario{
		{"services-restart", "the master's services are restarted, which takes 45 s", []Event{
			{Says: "the master's services are being restarted", Do: asterisk(Away)},
			{At: 45 * time.Second, Says: "the master's services are restarted", Do: asterisk(Well)}}},
		{"link-flaps", "the link between the nodes goes and comes every 3 s, for 20 s",
			append(repeated(3, 6*time.Second, unlinked(), at(3*time.Second, linked())), at(18*time.Second, unlinked()), at(20*time.Second, linked()))},
		{"link-cut", "the link between the nodes is cut for 10 minutes; phones reach both",
			[]Event{unlinked(), at(long, linked())}},
		{"one-way-loss", "what the standby sends does not reach the master for 10 minutes; phones reach both", []Event{
			{Says: "nothing that the standby sends reaches the master", Do: func(w *World) { w.Back = false }},
			{At: long, Says: "the standby is heard by the master again", Do: func(w *World) { w.Back = true }}}},
		{"standby-cut-off", "the standby loses its network for 10 minutes",
			[]Event{cut(Standby), at(long, joined(Standby))}},
		{"standby-banned", "the master's fail2ban bans the standby's SIP for an hour", []Event{
			{Says: "the master bans the standby's SIP", Do: func(w *World) { w.Banned = true }},
			{At: time.Hour, Says: "the ban is over", Do: func(w *World) { w.Banned = false }}}},
		{"witness-away", "the witnesses answer no more for 10 minutes", []Event{
			{Says: "the witnesses answer no more", Do: func(w *World) { w.Witness = false }},
			{At: long, Says: "the witnesses answer again", Do: func(w *World) { w.Witness = true }}}},
		{"hotpair-ended", "the master's hotpair is ended for 10 minutes", []Event{
			{Says: "the master's hotpair is ended", Do: func(w *World) { w.Nodes[Master].Hotpair = false }},
			{At: long, Says: "the master's hotpair runs again", Do: func(w *World) { w.Nodes[Master].Hotpair = true }}}},
	}
}
