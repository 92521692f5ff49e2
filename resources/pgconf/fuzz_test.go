package pgconf

import (
	"bytes"
	"testing"
)

const listenEverywhere = "listen_addresses = '*'"

// roundTrip checks the laws of Prepend and Append and returns the edited text;
// nil: the text's own markers are refused.
func roundTrip(t *testing.T, text []byte, line string, put func([]byte, ...string) ([]byte, error)) []byte {
	t.Helper()
	once, err := put(text, line)
	if err != nil {
		return nil
	}
	rest, err := Strip(once)
	if err != nil {
		t.Fatalf("stripping %q: %v", once, err)
	}
	if marked, _ := find(text); !marked.found && !bytes.Equal(rest, text) {
		t.Errorf("%q became %q", text, rest)
	}
	twice, err := put(once, line)
	if err != nil || !bytes.Equal(once, twice) {
		t.Errorf("twice is not once: %q and %q, %v", once, twice, err)
	}
	if lines, err := Marked(once); err != nil || len(lines) != 1 || lines[0] != line {
		t.Errorf("marked are %q, %v", lines, err)
	}
	return once
}

// FuzzHBA: whatever stands in pg_hba.conf, it is never lost, and the line that
// is put before it decides.
func FuzzHBA(f *testing.F) {
	for _, text := range []string{
		"", "\n", "a", "a\r", "a\r\nb", begin, end, begin + "\n" + end, beginJoined + "\n" + end,
		"# comment \\\nhost all all 0.0.0.0/0 scram-sha-256\n",
		"local all all peer\nhost all all 127.0.0.1/32 md5\nhost all all ::1/128 md5\n",
		"host asterisk postgres 10.0.0.1/32 reject\n",
		"hostssl \"all\",a, b +c,\"d\"\"e\" samenet ldap ldapserver=x\n",
		"host all all 10.0.0.9 255.0.255.0 trust\nhost @more /^p fe80::1%eth0/64 trust",
		"include /more\ninclude_dir /\ninclude_if_exists \"/none\"\n",
		"host all @more all trust\ninclude @more\n\x00",
	} {
		f.Add([]byte(text), []byte("a,\"b\" @x \\\n c # d\n"))
	}
	f.Fuzz(func(t *testing.T, text, more []byte) {
		roundTrip(t, text, ours, Append)
		once := roundTrip(t, text, ours, Prepend)
		ParseRules(string(text))
		Rules(files{hbaFile: string(text), "/more": string(more)}, hbaFile)
		if once == nil {
			return
		}
		rules, err := Rules(files{hbaFile: string(once), "/more": string(more)}, hbaFile)
		if err != nil {
			return
		}
		for _, tls := range []bool{true, false} {
			c := copying(peer)
			c.TLS = tls
			rule, ok := Decide(rules, c)
			if _, stock := rule.Stock("asterisk", "postgres"); !ok || !stock || rule.Line != 2 || rule.File != hbaFile {
				t.Errorf("decided by %+v", rule)
			}
		}
	})
}

// FuzzPostgresConf: whatever stands in postgresql.conf, it is never lost, and
// the line that is put behind it wins, unless ALTER SYSTEM says otherwise.
func FuzzPostgresConf(f *testing.F) {
	for _, text := range []string{
		"", "\n", "a", "a\r", "a\r\nb", begin, end, "a\n" + beginJoined + "\n" + end,
		"listen_addresses = 'localhost' # only\nLISTEN_ADDRESSES '10.0.0.1, ::1'\r\n",
		"data_directory = '/data'\ninclude_dir 'conf.d'\ninclude_if_exists = '/none'\n",
		"include '/more'\nport=5432\nshared_buffers = -1.5e3\nx.y = on\na = b:c/d",
		`a = 'it''s \'\052\n\`, "listen_addresses = 'a", "include '/etc/postgresql/15/main/postgresql.conf'", "a = '\x00'",
	} {
		f.Add([]byte(text), []byte(listenEverywhere+"\ninclude '/more2'\n"), []byte("port = '1'\n"))
	}
	f.Fuzz(func(t *testing.T, text, more, auto []byte) {
		roundTrip(t, text, listenEverywhere, Prepend)
		once := roundTrip(t, text, listenEverywhere, Append)
		node := files{confFile: string(text), "/more": string(more), "/data/postgresql.auto.conf": string(auto)}
		Settings(node, confFile)
		if once == nil {
			return
		}
		node[confFile] = string(once)
		list, err := Settings(node, confFile)
		if err != nil {
			return
		}
		got, ok := Effective(list, "listen_addresses")
		if altered := got.File == "/data/postgresql.auto.conf"; !altered && (!ok || got.Value != "*" || got.File != confFile) {
			t.Errorf("listening on %+v", got)
		}
	})
}
