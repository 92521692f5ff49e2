package schema

func profileBlock() block {
	return block{name: "profile", doc: "How phones of one make change to the backup server.", label: "lobby", attributes: []attribute{
		{name: "vendors", kind: makes(), doc: "The makers of these phones, as the provisioning daemon names them; any unless set. Patterns with *, ? and [], in capitals or not."},
		{name: "models", kind: makes(), doc: "Their models, in the same way."},
		{name: "plugins", kind: makes(), doc: "The plugins of the provisioning daemon that they are configured by, in the same way."},
		{name: "backup", kind: toggle(), preset: "true", doc: "Whether such a phone can have a backup server."},
		{name: "to_backup", kind: switching(), preset: `"registration"`, doc: "How long after the master's death such a phone asks the backup server: \"30s\", \"30s-60s\", or \"registration\", which is at most sip_expiry.max and 32 s."},
		{name: "to_main", kind: switching(), preset: `"registration"`, doc: "How long after the end of the backup server it is back on the main one, in the same way."},
		{name: "retry", kind: moments(), doc: "After how long a phone asks again that came too early; unless set, as long as to_backup takes, and by registration as the profile sip says."},
	}}
}
