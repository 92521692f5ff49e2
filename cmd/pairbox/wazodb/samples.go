package wazodb

import "strings"

// samples are values of a type; every oddity that its text can have is there.
func samples(kind string) []string {
	switch kind {
	case "boolean":
		return []string{"t", "f"}
	case "double precision":
		return []string{"0.1", "-0", "1e-7", "12345.678", "0.30000000000000004", "1.7976931348623157e308"}
	case "json":
		return []string{`{}`, `{"b": 1.0,   "a": 1.00}`, `{"user":"André","tags":["a\tb",null],"x":{"y":[]}}`, `[1, 2, "\u00e9\\"]`}
	case "jsonb":
		return []string{`{}`, `{"b": 1.0, "a": 1.00}`, `{"identity": "+15551234567", "n": null, "text": "\"\\ \u2603"}`}
	case "hstore":
		return []string{`"reverse"=>"{firstname} {lastname}", "name"=>NULL`, `"quoted \" key"=>"a,b=>c", "empty"=>""`, ``}
	case "xml":
		return []string{`<EntityDescriptor entityID="https://idp.example/"><a>&amp; é</a></EntityDescriptor>`, "<a>\n\t<b/>\n</a>"}
	case "interval":
		return []string{"00:00:01.5", "1 day 02:03:04.000006", "-00:00:01", "1 mon -1 days", "00:00:00"}
	case "time without time zone":
		return []string{"08:00:00", "17:59:59.999999", "24:00:00"}
	case "bytea":
		return []string{`\x00ff5c0a0d09`, `\x`, `\x6a9b1c3a22e7f0417d3b9f0d2f8c4b1e`}
	}
	return []string{"0"}
}

func arrays() []string {
	return []string{`{}`, `{confd.users.me.read,"calld.#","a b"}`, `{"quoted \" and \\",NULL,"NULL","",","}`, `{{attachfmt,wav},{"é","{}"}}`}
}

// texts are what columns of such a name hold. The first one is what unique
// columns begin with, so it is short and plain.
func texts(c column) []string {
	has := func(parts ...string) bool {
		for _, part := range parts {
			if strings.Contains(c.name, part) {
				return true
			}
		}
		return false
	}
	switch {
	case c.table == "endpoint_sip_section_option" && c.name == "key":
		return []string{"set_var", "max_contacts", "minimum_expiration", "default_expiration", "maximum_expiration", "username", "password", "context", "mailboxes"}
	case numbers(c.name), has("exten", "cid_num", "prefix"):
		return []string{"1", "1042", "5551234567", "+33123456789", "*90", "_X."}
	case has("passw", "secret", "hash"):
		return []string{"p", "zk8WvJ4LqPd2", "$6$rounds=5000$usesomesillystri$D4IrlXatmP7rx3P3InaxBeoomnAihCKRVQAr/36eYaHbQfvlyWqN9cKrvBUWZcgLpqn6J1L"}
	case has("description", "data", "info", "content", "transcription", "value", "var_val", "user_agent", "canonical", "rule"):
		return []string{"d", "Réception, 2e étage", "", "tab\there, \"quoted\", it's 100 % \\backslash\\ and a\nsecond line", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36", "100", "yes"}
	case has("appdata", "chan", "peer", "interface", "endpoint", "identity"):
		return []string{"PJSIP/", "PJSIP/x7f3k2a9-00000a1f", "PJSIP/x7f3k2a9/sip:x7f3k2a9@10.1.2.3:5060,30,tTkKb(wazo-pre-dial^s^1)", ""}
	case has("uniqueid", "linkedid", "callid", "conversation"):
		return []string{"1768464000.1", "1768464000.20171", "1768471337.48213"}
	case has("email", "address"):
		return []string{"user", "andré.müller@example.com", "zoe@example.com"}
	case has("language"):
		return []string{"fr_FR", "en_US", "de_DE"}
	case has("context"):
		return []string{"default", "from-extern", "ctx-1d2c-internal"}
	case has("name"):
		return []string{"n", "Alice", "André", "Zoë Müller-Lüdenscheidt", "O'Brien", "李雷", "José \"Pepe\""}
	}
	return []string{"x", "", "word", "default", "a rather long text, as labels sometimes are", "été"}
}
