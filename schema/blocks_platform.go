package schema

// rolesBlock and the blocks below stand in platform files only.
func rolesBlock() block {
	return block{name: "roles", doc: "What the platform calls the roles.", audience: platformOnly, attributes: []attribute{
		{name: "active", kind: enum("master", "main", "primary"), preset: `"master"`, doc: "The node that serves."},
		{name: "standby", kind: enum("slave", "standby", "secondary"), preset: `"slave"`, doc: "The other one."},
	}}
}

func stateBlock() block {
	return block{name: "state", doc: "The files that hold a node's state.", audience: platformOnly, attributes: []attribute{
		{name: "ha_conf", kind: filePath(), doc: "The role and the peer, as JSON."},
		{name: "primary", kind: filePath(), doc: "Exists on a master."},
		{name: "secondary", kind: filePath(), doc: "Exists on a slave."},
		{name: "passive", kind: filePath(), doc: "Exists while the services are disabled."},
		{name: "plugins", kind: filePath(), doc: "The directory of the provisioning daemon's plugins."},
	}}
}

func stockBlock() block {
	return block{name: "stock", doc: "The platform's own scripts.", audience: platformOnly, attributes: []attribute{
		{name: "master_file", kind: filePath(), doc: "The cron file of a master."},
		{name: "slave_file", kind: filePath(), doc: "The cron file of a slave."},
		{name: "replicate_database", kind: filePath(), doc: "The command that copies the database."},
		{name: "replicate_files", kind: filePath(), doc: "The command that copies the directories."},
		{name: "check_master", kind: filePath(), doc: "The command that looks whether the master is there."},
	}}
}

func postgresqlBlock() block {
	return block{name: "postgresql", doc: "The database server's configuration.", audience: platformOnly, attributes: []attribute{
		{name: "directory", kind: filePath(), doc: "The directory above the versions."},
		{name: "cluster", kind: word(), doc: "The cluster."},
		{name: "database", kind: word(), doc: "The database."},
		{name: "user", kind: word(), doc: "The user who owns everything."},
		{name: "unit", kind: word(), doc: "The systemd unit."},
	}}
}

func withoutHABlock() block {
	return block{name: "without_ha", doc: "What holds on a node that is in no pair.", audience: platformOnly, attributes: []attribute{
		{name: "min", kind: expiry(), doc: "The shortest expiry."},
		{name: "max", kind: expiry(), doc: "The longest expiry."},
		{name: "default", kind: expiry(), doc: "The expiry of a phone that asks for none."},
	}}
}

func telephonyBlock() block {
	return block{name: "telephony", doc: "The telephony services.", audience: platformOnly, attributes: []attribute{
		{name: "unit", kind: word(), doc: "The systemd unit of Asterisk."},
		{name: "manage", kind: filePath(), doc: "The command that starts and stops the services of a slave."},
		{name: "service", kind: filePath(), doc: "The command that restarts all services."},
		{name: "generate", kind: filePath(), doc: "The command that writes Asterisk's configuration from the database."},
		{name: "asterisk", kind: filePath(), doc: "Asterisk's own command line."},
		{name: "pjsip_conf", kind: filePath(), doc: "The file that holds the expiry of PJSIP, where no database does."},
		{name: "sip_conf", kind: filePath(), doc: "The file that holds the expiry of chan_sip, where no database does."},
	}}
}
