package simulate

import "time"

// disturbances are those in which the master serves, or soon does again.
func disturbances() []Scenario {
	return []Scenario{
		lasting("services-restart", "the master's services are restarted, which takes 45 s", 45*time.Second,
			Event{Says: "the master's services are being restarted", Do: asterisk(Away)}, Event{Says: "the master's services are restarted", Do: asterisk(Well)}),
		{"link-flaps", "the link between the nodes goes and comes every 3 s, for 20 s", append(flaps(3, 6*time.Second, 3*time.Second, []Event{unlinked(), linked()}),
			at(18*time.Second, unlinked()), at(20*time.Second, linked()))},
		lasting("link-cut", "the link between the nodes is cut for 10 minutes; phones reach both", long, unlinked(), linked()),
		lasting("one-way-loss", "what the standby sends does not reach the master for 10 minutes; phones reach both", long,
			Event{Says: "nothing that the standby sends reaches the master", Do: func(w *World) { w.Back = false }},
			Event{Says: "the standby is heard by the master again", Do: func(w *World) { w.Back = true }}),
		lasting("standby-cut-off", "the standby loses its network for 10 minutes", long, cut(Standby), joined(Standby)),
		lasting("standby-banned", "the master's fail2ban bans the standby's SIP for an hour", time.Hour,
			Event{Says: "the master bans the standby's SIP", Do: func(w *World) { w.Banned = true }},
			Event{Says: "the ban is over", Do: func(w *World) { w.Banned = false }}),
		lasting("witness-away", "the witnesses answer no more for 10 minutes", long,
			Event{Says: "the witnesses answer no more", Do: func(w *World) { w.Witness = false }},
			Event{Says: "the witnesses answer again", Do: func(w *World) { w.Witness = true }}),
		lasting("hotpair-ended", "the master's hotpair is ended for 10 minutes", long,
			Event{Says: "the master's hotpair is ended", Do: func(w *World) { w.Nodes[Master].Hotpair = false }},
			Event{Says: "the master's hotpair runs again", Do: func(w *World) { w.Nodes[Master].Hotpair = true }}),
	}
}

func unlinked() Event {
	return Event{Says: "the link between the nodes is cut", Do: func(w *World) { w.There, w.Back = false, false }}
}

func linked() Event {
	return Event{Says: "the link between the nodes is back", Do: func(w *World) { w.There, w.Back = true, true }}
}
