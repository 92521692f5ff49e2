package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

func onDatabase() []ailment {
	mend := func(statements string) func(p *patient) {
		return func(p *patient) { p.database.exec("asterisk", statements) }
	}
	return []ailment{
		{code: "database", says: "connecting to the telephony database: ", ail: func(p *patient) { p.must(p.database.server.Kill()) }},
		{code: "encoding", says: "the database is in SQL_ASCII", ail: func(p *patient) {
			p.database.exec("postgres", "CREATE DATABASE old TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
			p.more("database", "database {\n  url = \"postgres:///old?host=/var/run/postgresql&user=postgres\"\n}\n")
		}, hand: func(p *patient) { p.must(os.Remove(p.dir + "/etc/hotpair/ha.d/database.hcl")) }},
		{code: "wizard", says: "the setup wizard was not passed yet", ail: mend("CREATE TABLE infos (uuid text, wazo_version text, configured boolean); INSERT INTO infos VALUES ('one', '26.01', false)"),
			hand: mend("UPDATE infos SET configured = true")},
		{code: "trunk-expiry", says: "provider expiration 3600", hand: mend("UPDATE endpoint_sip_section_option SET value = '300' WHERE key = 'expiration'")},
		{code: "hand-set", says: "reception maximum_expiration 7200", hand: mend("DELETE FROM endpoint_sip_section_option WHERE uuid = 'cccccccc-0000-4000-8000-000000000005'")},
		{code: "capacity", says: fmt.Sprintf("%d users on ", 500*runtime.NumCPU()+1), ail: func(p *patient) {
			p.become("slave")
			mend(fmt.Sprintf("DELETE FROM userfeatures; INSERT INTO userfeatures (tenant_uuid) SELECT '11111111-1111-4111-8111-111111111111' FROM generate_series(1, %d)", 500*runtime.NumCPU()+1))(p)
		}, hand: mend("DELETE FROM userfeatures WHERE id = (SELECT max(id) FROM userfeatures)")},
	}
}

func TestTheDoctorOnADatabase(t *testing.T) {
	t.Parallel()
	b := newPostgresBox(t)
	p := inBed(b.box)
	b.put("etc/hotpair/ha.hcl", "platform = \"wazo\"\nnode {\n  role = \"master\"\n}\npeer {\n  address = \"127.0.0.2\"\n}\n")
	p.database, p.patience = b, 20*time.Second
	p.served = func(verb, unit string) {
		if verb == "start" && strings.HasPrefix(unit, "postgresql") {
			p.must(b.server.Restart(t.Context()))
		}
	}
	for _, a := range onDatabase() {
		p.treat(a)
	}
}
