package schema

func nodeBlock() block {
	return block{name: "node", doc: "This node.", audience: userOnly, early: true, attributes: []attribute{
		{name: "role", kind: role(), doc: "What this node is in the pair: master, slave or disabled; main and primary, standby and secondary mean the same."},
	}}
}

func peerBlock() block {
	return block{name: "peer", doc: "The other node.", audience: userOnly, early: true,
		attributes: []attribute{
			{name: "address", kind: address(), doc: "The IP address of the peer's VoIP interface."},
		},
		blocks: []block{{name: "ssh", doc: "How the peer is reached for replication.", attributes: []attribute{
			{name: "port", kind: port(), preset: "22", doc: "The port of the peer's SSH server."},
			{name: "host_key", kind: hostKey(), doc: "The peer's public host key, pinned: its type and its base64 text."},
		}}},
	}
}

func sipExpiryBlock() block {
	return block{name: "sip_expiry", doc: "How long a phone's registration lasts.", attributes: []attribute{
		{name: "min", kind: expiry(), doc: "The shortest expiry that a phone may ask for."},
		{name: "max", kind: expiry(), doc: "The longest expiry that a phone may ask for; a phone may stay on a dead server for this long and 32 s."},
		{name: "default", kind: expiry(), doc: "The expiry of a phone that asks for none."},
	}}
}

func provisioningBlock() block {
	return block{name: "provisioning", doc: "The phone provisioning daemon.",
		attributes: []attribute{
			{name: "enabled", kind: toggle(), preset: "true", doc: "Whether phones are given the peer as backup."},
			{name: "url", kind: webURL(), doc: "The base URL of the provisioning daemon's API."},
			{name: "token", kind: secretText(), doc: "A token for it, best as file(\"/path\"); instead of auth."},
			{name: "registrars", kind: words(), doc: "The registrars whose phones get the peer as backup, by their ids; all of them unless set."},
			{name: "resync_batch", kind: count(), preset: "10", doc: "How many phones at most are resynchronised at a time."},
		},
		blocks: []block{{name: "auth", doc: "Where a token is asked for.", attributes: []attribute{
			{name: "url", kind: webURL(), doc: "The base URL of the authentication daemon's API."},
			{name: "key_file", kind: filePath(), doc: "The file with the service's id and key."},
		}}},
	}
}

func databaseBlock() block {
	return block{name: "database", doc: "The telephony database.", attributes: []attribute{
		{name: "enabled", kind: toggle(), preset: "true", doc: "Whether hotpair connects to the database; without it the expiry values and the tables are left alone."},
		{name: "url", kind: postgresURL(), doc: "The database, as a PostgreSQL connection URL."},
	}}
}

func replicationBlock() block {
	return block{name: "replication", doc: "What follows the master to the slave.",
		attributes: []attribute{
			{name: "schedule", kind: schedule(), doc: "When the database is copied: five fields as in crontab(5), @hourly and so on, \"@every 15m\", or \"on_change\"."},
			{name: "files_schedule", kind: schedule(), doc: "When the directories are copied; as schedule unless set."},
			{name: "runner", kind: enum("daemon", "stock", "none"), preset: `"daemon"`, doc: "Who copies: daemon (`hotpair watch` on the master), stock (the platform's own scripts by cron) or none."},
			{name: "database", kind: toggle(), preset: "true", doc: "Whether the database is copied."},
			{name: "files", kind: toggle(), preset: "true", doc: "Whether the directories are copied."},
			{name: "access", kind: enum("stock", "ssh"), doc: "What the slave grants the master: stock (what the stock scripts need) or ssh; stock when the runner is stock, otherwise ssh."},
			{name: "directories", kind: paths(), doc: "The directories that are copied; replaces the platform's list."},
			{name: "extra_directories", kind: paths(), doc: "Directories that are copied besides those."},
			{name: "max_delete", kind: percent(), preset: "25", doc: "How many percent of the standby's rows, or files, one run may delete; more looks like an emptied master and is refused."},
		},
		blocks: []block{
			{name: "exclude", doc: "What is not copied; replaces the platform's lists.", attributes: exclusions("not copied; replaces the platform's list")},
			{name: "extra_exclude", doc: "What is not copied besides that.", attributes: exclusions("not copied besides those")},
			{name: "tables", doc: "Tables that are never copied.", audience: platformOnly, attributes: []attribute{
				{name: "node_local", kind: tables(), doc: "Tables that belong to one node."},
				{name: "version", kind: tables(), doc: "Tables that hold the version of the data; compared, never copied."},
				{name: "volatile", kind: tables(), doc: "Tables that change all the time, such as presence; copied, and no reason for a run."},
				{name: "replicated", kind: tables(), doc: "Tables that are known and copied; others are copied too, and named in a warning."},
			}},
		},
	}
}

func exclusions(what string) []attribute {
	return []attribute{
		{name: "files", kind: patterns(), doc: "Files that are " + what + ". Absolute patterns with *, ? and []."},
		{name: "tables", kind: tables(), doc: "Tables that are " + what + "."},
	}
}

func actionsBlock() block {
	consent := enum("ask", "auto")
	return block{name: "actions", doc: "What may be done without asking, although it disturbs calls.", attributes: []attribute{
		{name: "restart", kind: consent, preset: `"ask"`, doc: "Restarting services."},
		{name: "resync", kind: consent, preset: `"ask"`, doc: "Resynchronising phones."},
		{name: "overwrite", kind: consent, preset: `"ask"`, doc: "Overwriting what the standby holds of its own after it was active; it is kept in a file in any case."},
		{name: "role_change", kind: consent, preset: `"ask"`, doc: "Making this node serve, or cease to."},
	}}
}

func watchBlock() block {
	return block{name: "watch", doc: "How the daemon behaves.", attributes: []attribute{
		{name: "mode", kind: enum("enforce", "heal", "observe"), preset: `"enforce"`,
			doc: "What the daemon does by itself. enforce: carry out changes and undo drift; heal: undo drift only; observe: touch nothing."},
		{name: "interval", kind: duration(), preset: `"30s"`, doc: "How often everything is looked at."},
		{name: "max_heals", kind: count(), preset: "6", doc: "How often an hour one thing is healed before hotpair stops and alerts."},
	}}
}

func objectiveBlock() block {
	return block{name: "objective", doc: "What you promise your users.", attributes: []attribute{
		{name: "max_outage", kind: duration(), preset: `"5m"`, doc: "The longest time that a phone may be without a server."},
	}}
}
