package pgconf

import "testing"

func TestAnAssignmentIsReadAsPostgreSQLDoes(t *testing.T) {
	const refused = "refused"
	for line, want := range map[string]string{
		"port = 5432":                          "port: 5432",
		"port=5432":                            "port: 5432",
		"port 5432":                            "port: 5432",
		"port\t=\t5432\r\n":                    "port: 5432",
		"  PORT = 5432# comment":               "port: 5432",
		"port'5432'":                           "port: 5432",
		"port = '5432' # 'comment'":            "port: 5432",
		"listen_addresses = ''":                "listen_addresses: ",
		"listen_addresses = '*'":               "listen_addresses: *",
		"listen_addresses = '10.0.0.1, ::1'":   "listen_addresses: 10.0.0.1, ::1",
		"listen_addresses = localhost":         "listen_addresses: localhost",
		"listen_addresses = db-1.example.com":  "listen_addresses: db-1.example.com",
		"log_timezone = Europe/Berlin":         "log_timezone: Europe/Berlin",
		"shared_buffers = 128MB":               "shared_buffers: 128MB",
		"cost = -1.5e-3":                       "cost: -1.5e-3",
		"mask = 0x1F":                          "mask: 0x1F",
		"hotpair.role = on":                    "hotpair.role: on",
		"größe = 1":                            "größe: 1",
		"\xff\xfe = 1":                         "\xff\xfe: 1",
		"\u212aey = 1":                         "\u212aey: 1",
		`a = 'it''s'`:                          "a: it's",
		`a = 'it\'s'`:                          "a: it's",
		`a = 'a#b\\c'`:                         `a: a#b\c`,
		`a = '\052\t\n\q\101b\8\1234'`:         "a: *\t\nqAb8S4",
		`a = 'b\0c'`:                           "a: b",
		`include_dir 'conf.d'`:                 "include_dir: conf.d",
		"":                                     refused,
		"# port = 5432":                        refused,
		"#listen_addresses = 'localhost'":      refused,
		"listen_addresses":                     refused,
		"listen_addresses =":                   refused,
		"listen_addresses = # '*'":             refused,
		"listen_addresses = *":                 refused,
		"listen_addresses = 10.0.0.1":          refused,
		"listen_addresses = example.com":       refused,
		"listen_addresses = a, b":              refused,
		"listen_addresses = a b":               refused,
		"listen_addresses = = a":               refused,
		"listen_addresses == 'a'":              refused,
		"listen_addresses = 'a' 'b'":           refused,
		"listen_addresses = 'a":                refused,
		`listen_addresses = 'a\'`:              refused,
		"listen_addresses = 'a''":              refused,
		"listen_addresses: 'a'":                refused,
		"listen-addresses = 'a'":               refused,
		"a.b.c = 1":                            refused,
		"1a = 1":                               refused,
		"'port' = 1":                           refused,
		"\vport = 1":                           refused,
		"ALTER SYSTEM SET port = 1":            refused,
		"listen_addresses = \u201clocalhost\"": refused,
	} {
		key, value, ok := assignment(line)
		got := key + ": " + value
		if !ok {
			got = refused
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}
