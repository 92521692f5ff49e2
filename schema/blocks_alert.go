package schema

// Conditions are the conditions that an alert can be about, by their codes.
func Conditions() []string {
	return []string{"split_brain", "takeover", "takeover_held", "failback_waits", "services_failed", "replication_failed", "replication_late",
		"drift_fought", "config_invalid", "consent_waits", "budget_broken", "daemon_dead", "peer_silent"}
}

func alertBlock() block {
	return block{name: "alert", doc: "Who is told when the pair is not well, and how.", audience: userOnly, label: "ops",
		attributes: []attribute{
			{name: "on", kind: conditions(), doc: "The conditions to tell of; all of them unless set."},
			{name: "remind", kind: reminders(), preset: `"24h"`, doc: "How often to tell again of what lasts, or \"never\"."},
			{name: "after", kind: moments(), preset: `"10s"`, doc: "How long a condition must last before it is told; a takeover, one that is held, and a split brain are told at once."},
			{name: "clear_after", kind: duration(), preset: `"1m"`, doc: "How long a condition must be over before its end is told, so that one which comes and goes does not flood."},
			{name: "timeout", kind: moments(), preset: `"30s"`, doc: "How long it may take to hand a message over."},
			{name: "command", kind: arguments(), doc: "A program and its arguments, run without a shell; it reads the message as JSON on its standard input."},
		},
		blocks: []block{mailBlock(), webhookBlock()},
	}
}

func mailBlock() block {
	return block{name: "mail", doc: "By mail: the node's own mailer sends it, or a mail server.",
		attributes: []attribute{
			{name: "to", kind: mailAddresses(), preset: `["root"]`, doc: "The addresses that are mailed."},
			{name: "from", kind: mailAddress(), doc: "The sender; the node's own mailer knows one unless set."},
		},
		blocks: []block{{name: "smtp", doc: "The mail server, instead of the node's own mailer.", attributes: []attribute{
			{name: "server", kind: serverName(), doc: "The server's name and port, such as \"mail.example.org:587\"; its certificate must be for that name."},
			{name: "tls", kind: enum("starttls", "tls", "none"), preset: `"starttls"`, doc: "How it is encrypted: by STARTTLS, without which nothing is sent; from the first byte on; or not at all, which only a server on this node may be."},
			{name: "user", kind: title(), doc: "The user to log in as; none unless set."},
			{name: "password", kind: secretText(), doc: "The user's password, best as file(\"/path\")."},
			{name: "ca_file", kind: filePath(), doc: "Certificates, in PEM, by which the server's must be signed; the system's unless set."},
		}}},
	}
}

func webhookBlock() block {
	return block{name: "webhook", doc: "By a POST of JSON.", attributes: []attribute{
		{name: "url", kind: hookURL(), doc: "The URL that is posted to; nothing of it but the host is ever shown."},
		{name: "token", kind: secretText(), doc: "A token that is sent as Authorization: Bearer, best as file(\"/path\"); none unless set."},
		{name: "ca_file", kind: filePath(), doc: "Certificates, in PEM, by which the server's must be signed; the system's unless set."},
	}}
}
