package pgconf

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// listening writes the settings of listen_addresses as file:line value.
func listening(list []Setting) string {
	var found []string
	for _, s := range list {
		if s.Name == "listen_addresses" {
			found = append(found, fmt.Sprintf("%s:%d %s", s.File[strings.LastIndex(s.File, "/")+1:], s.Line, s.Value))
		}
	}
	return strings.Join(found, "; ")
}

func TestOfSeveralSettingsTheLastOneWins(t *testing.T) {
	list := settingsOf(t, "listen_addresses = 'a'\r\nport = 1\r\n\r\nListen_Addresses 'b'", nil)
	if got, want := listening(list), "postgresql.conf:1 a; postgresql.conf:4 b"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	got, ok := Effective(list, "listen_addresses")
	if diff := cmp.Diff(Setting{File: confFile, Line: 4, Name: "listen_addresses", Value: "b"}, got); !ok || diff != "" {
		t.Error(diff)
	}
	if _, ok := Effective(list, "hba_file"); ok {
		t.Error("hba_file is set")
	}
}

func TestIncludedSettingsStandInThePlaceOfTheirLine(t *testing.T) {
	const (
		dir  = "/etc/postgresql/15/main/"
		data = "data_directory = '/var/lib/postgresql/15/main/'\n"
		auto = "/var/lib/postgresql/15/main/postgresql.auto.conf"
		a, b = "listen_addresses = 'a'\n", "listen_addresses = 'b'\n"
	)
	for _, test := range []struct {
		name, text, want string
		others           files
	}{
		{"a file beside", a + "include 'x.conf'\n" + b, "postgresql.conf:1 a; x.conf:1 b; postgresql.conf:3 b", files{dir + "x.conf": b}},
		{"a file of an included one", "INCLUDE = '/srv/x.conf'", "y.conf:1 b", files{"/srv/x.conf": "include y.conf.d", "/srv/y.conf.d": "include '/srv/y.conf'", "/srv/y.conf": b}},
		{"one that is missing", "include_if_exists 'x.conf'\n" + a, "postgresql.conf:2 a", nil},
		{"one that may be missing", "include_if_exists 'x.conf'\n" + a, "x.conf:1 b; postgresql.conf:2 a", files{dir + "x.conf": b}},
		{"a directory", "include_dir 'conf.d'\n", "10.conf:1 a; 9.conf:1 b", files{
			dir + "conf.d/9.conf": b, dir + "conf.d/10.conf": a, dir + "conf.d/.z.conf": a, dir + "conf.d/z.conf.bak": a, dir + "conf.d/z.conf/z.conf": a,
		}},
		{"an empty directory", "include_dir 'conf.d'\n" + a, "postgresql.conf:2 a", nil},
		{"names like those that include", "include_x 'x.conf'\n", "", files{dir + "x.conf": b}},
		{"a name that is no file", "#include 'x.conf'\n", "", files{dir + "x.conf": b}},
		{"ALTER SYSTEM", data + a, "postgresql.conf:2 a; postgresql.auto.conf:1 b", files{auto: b}},
		{"ALTER SYSTEM, data where the file is", a, "postgresql.conf:1 a; postgresql.auto.conf:1 b", files{dir + "postgresql.auto.conf": b}},
		{"ALTER SYSTEM of other data", data + a, "postgresql.conf:2 a", files{dir + "postgresql.auto.conf": b}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := listening(settingsOf(t, test.text, test.others)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestSettingsOfFilesThatPostgreSQLWouldRefuseAreAnError(t *testing.T) {
	chain := files{}
	for i := range 12 {
		chain[fmt.Sprintf("/srv/f%d", i)] = fmt.Sprintf("include f%d", i+1)
	}
	chain["/srv/f12"] = ""
	for name, test := range map[string]struct {
		text    string
		others  files
		missing bool
	}{
		"a missing file":    {"include 'none'", nil, true},
		"a file of itself":  {"include 'postgresql.conf'", nil, false},
		"two in a circle":   {"include '/srv/a'", files{"/srv/a": "include b", "/srv/b": "include a"}, false},
		"its own directory": {"include_dir '.'", nil, false},
		"a chain of eleven": {"include '/srv/f2'", chain, false},
		"a NUL byte":        {"port = 5432 # \x00", nil, false},
	} {
		_, err := Settings(together(confFile, test.text, test.others), confFile)
		if err == nil || errors.Is(err, fs.ErrNotExist) != test.missing {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Settings(together(confFile, "include '/srv/f3'", chain), confFile); err != nil {
		t.Errorf("a chain of ten: %v", err)
	}
}
