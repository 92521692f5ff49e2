package schema

func failoverBlock() block {
	return block{name: "failover", doc: "How a slave watches its master, and takes over.",
		attributes: []attribute{
			{name: "mode", kind: enum("automatic", "manual"), preset: `"automatic"`, doc: "Whether the slave takes over by itself, or by `hotpair failover` only."},
			{name: "unreachable", kind: moments(), preset: `"10s"`, doc: "How long nothing of the master must answer before the slave takes over."},
			{name: "degraded", kind: moments(), preset: `"90s"`, doc: "How long the master's telephony must be silent on a host that is up; longer than a restart of the services."},
			{name: "untold", kind: enum("take_over", "hold"), preset: `"take_over"`, doc: "What happens to a degraded master that cannot be asked to stand down: two DHCP servers may run when the slave takes over."},
			{name: "witnesses", kind: addresses(), doc: "Addresses that answer pings while this node is not cut off, such as the gateway's; the default gateway unless set."},
			{name: "check_schedule", kind: cronText(), preset: `"* * * * *"`, doc: "When the stock script checks the master, where it does."},
		},
		blocks: []block{
			probeBlock("ping", "Whether the master's host answers pings.", rhythm{"true", "1s", "1s", "3"}),
			probeBlock("sip", "Whether the master's SIP server answers OPTIONS (RFC 3261 §11).", rhythm{"true", "3s", "2s", "2"},
				attribute{name: "port", kind: port(), preset: "5060", doc: "The port of SIP."},
				attribute{name: "transports", kind: transports(), preset: `["udp", "tcp"]`, doc: "The transports that are asked by: udp, tcp or both."}),
			probeBlock("tcp", "Whether the master takes connections.", rhythm{"false", "5s", "2s", "2"},
				attribute{name: "port", kind: port(), preset: "22", doc: "The port that is connected to."}),
			probeBlock("http", "Whether a web server of the master answers.", rhythm{"false", "5s", "2s", "2"},
				attribute{name: "url", kind: webURL(), doc: "The URL that is got."}),
			probeBlock("postgresql", "Whether the master's database server answers; no password is sent.", rhythm{"false", "5s", "2s", "2"},
				attribute{name: "port", kind: port(), preset: "5432", doc: "The port of PostgreSQL."}),
			failbackBlock(), hooksBlock(),
		},
	}
}

// rhythm is how a probe asks unless ha.hcl says otherwise.
type rhythm struct{ enabled, interval, timeout, fall string }

func probeBlock(name, doc string, r rhythm, more ...attribute) block {
	return block{name: name, doc: doc, attributes: append([]attribute{
		{name: "enabled", kind: toggle(), preset: r.enabled, doc: "Whether this is asked for."},
		{name: "interval", kind: moments(), preset: quote(r.interval), doc: "How often."},
		{name: "timeout", kind: moments(), preset: quote(r.timeout), doc: "How long an answer may take."},
		{name: "fall", kind: few(), preset: r.fall, doc: "After how many silences in a row it counts as silent."},
		{name: "rise", kind: few(), preset: "2", doc: "After how many answers in a row it counts as alive again."},
	}, more...)}
}

func failbackBlock() block {
	return block{name: "failback", doc: "When a slave that took over gives the master back its place.", attributes: []attribute{
		{name: "mode", kind: enum("automatic", "manual"), preset: `"automatic"`, doc: "Whether it does so by itself, or by `hotpair failback` only."},
		{name: "after", kind: duration(), preset: `"2m"`, doc: "How long the master must have been well."},
		{name: "drain", kind: duration(), preset: `"10m"`, doc: "How long calls and registrations on the slave may take to end."},
		{name: "window", kind: dayWindow(), doc: "The part of a day in which it may happen by itself, such as \"22:00-06:00\"; the whole day unless set."},
		{name: "takeovers", kind: few(), preset: "3", doc: "How many takeovers an hour may be followed by a failback by itself; after more the master is flapping."},
	}}
}

func hooksBlock() block {
	hook := func(name, when string) attribute {
		return attribute{name: name, kind: arguments(), doc: "A program and its arguments, run " + when + ", without a shell."}
	}
	return block{name: "hooks", doc: "Programs of yours around a takeover and a failback.", attributes: []attribute{
		hook("before_takeover", "before the services are started"),
		hook("after_takeover", "after the services answer"),
		hook("before_failback", "before the services are stopped"),
		hook("after_failback", "after the services were stopped"),
		{name: "timeout", kind: moments(), preset: `"10s"`, doc: "How long each may take; it is ended then, and what it was run for goes on."},
	}}
}
