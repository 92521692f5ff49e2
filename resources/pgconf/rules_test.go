package pgconf

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// seen leaves to a comparison what users of the package see.
var seen = []cmp.Option{cmpopts.IgnoreUnexported(Rule{}), cmpopts.EquateComparable(netip.Prefix{})}

func TestARecordIsReadColumnByColumn(t *testing.T) {
	all := []string{"all"}
	prefix := netip.MustParsePrefix
	for line, want := range map[string]Rule{
		"local all all peer":                               {Type: "local", Databases: all, Users: all, Method: "peer"},
		"host all all 10.0.0.0/8 md5":                      {Type: "host", Databases: all, Users: all, Prefix: prefix("10.0.0.0/8"), Method: "md5"},
		"host all all 10.0.0.1 255.255.255.255 md5":        {Type: "host", Databases: all, Users: all, Prefix: prefix("10.0.0.1/32"), Method: "md5"},
		"host all all 10.0.0.9 255.255.254.0 md5 map=x":    {Type: "host", Databases: all, Users: all, Prefix: prefix("10.0.0.0/23"), Method: "md5"},
		"host all all 0.0.0.0 0.0.0.0 md5":                 {Type: "host", Databases: all, Users: all, Prefix: prefix("0.0.0.0/0"), Method: "md5"},
		"host all all 10.0.0.1 255.0.255.0 md5":            {Type: "host", Databases: all, Users: all, Method: "md5"},
		"host all all 10.0.0.1/33 md5":                     {Type: "host", Databases: all, Users: all, Method: "md5"},
		"host all all 10.0.0.1/08 md5":                     {Type: "host", Databases: all, Users: all, Prefix: prefix("10.0.0.0/8"), Method: "md5"},
		"hostssl all all fd00::5/64 cert":                  {Type: "hostssl", Databases: all, Users: all, Prefix: prefix("fd00::/64"), Method: "cert"},
		"hostnossl all all fd00::5 ffff:ffff:: reject":     {Type: "hostnossl", Databases: all, Users: all, Prefix: prefix("fd00::/32"), Method: "reject"},
		"host all all fe80::1%eth0/64 md5":                 {Type: "host", Databases: all, Users: all, Prefix: prefix("fe80::/64"), Method: "md5"},
		"host all all all md5":                             {Type: "host", Databases: all, Users: all, Anywhere: true, Method: "md5"},
		`host all all "all" md5`:                           {Type: "host", Databases: all, Users: all, Method: "md5"},
		"host all all samenet md5":                         {Type: "host", Databases: all, Users: all, Method: "md5"},
		"host all all .example.com md5":                    {Type: "host", Databases: all, Users: all, Method: "md5"},
		`"host" "all",b,"c""d" all "10.0.0.1/32" "trust"`:  {Type: "host", Databases: []string{`"all`, "b", `"c"d`}, Users: all, Prefix: prefix("10.0.0.1/32"), Method: "trust"},
		"host asterisk, wazo  postgres ,b 10.0.0.1/32 md5": {Type: "host", Databases: []string{"asterisk", "wazo"}, Users: []string{"postgres"}, Method: "10.0.0.1/32"},
		"host @dbs all 10.0.0.1/32 md5":                    {Type: "host", Databases: []string{"@dbs"}, Users: all, Prefix: prefix("10.0.0.1/32"), Method: "md5"},
		"host":                                             {Type: "host"},
	} {
		want.Line = 1
		if diff := cmp.Diff([]Rule{want}, ParseRules(line), seen...); diff != "" {
			t.Errorf("%s: %s", line, diff)
		}
	}
}

// places writes rules as file:line database.
func places(rules []Rule) string {
	var list []string
	for _, r := range rules {
		list = append(list, fmt.Sprintf("%s:%d %s", r.File[strings.LastIndex(r.File, "/")+1:], r.Line, strings.Join(r.Databases, ",")))
	}
	return strings.Join(list, "; ")
}

func TestIncludedRulesStandInThePlaceOfTheirRecord(t *testing.T) {
	const rest = " all all md5\n"
	for _, test := range []struct {
		name, text, want string
		others           files
	}{
		{"a file beside", "host a" + rest + "include more.conf\nhost z" + rest, "pg_hba.conf:1 a; more.conf:2 b; pg_hba.conf:3 z", files{
			"/etc/postgresql/15/main/more.conf": "\nhost b" + rest,
		}},
		{"a file elsewhere, of files beside it", `"include" "/srv/a.conf"`, "b.conf:1 b", files{
			"/srv/a.conf": "include b.conf", "/srv/b.conf": "host b" + rest,
		}},
		{"one that is missing", "include_if_exists none.conf\nhost a" + rest, "pg_hba.conf:2 a", nil},
		{"one that may be missing", "include_if_exists /srv/a.conf\n", "a.conf:1 a", files{"/srv/a.conf": "host a" + rest}},
		{"a directory", "include_dir d\n", "10.conf:1 a; 9.conf:1 b; A.conf:1 c; a.conf:1 d", files{
			"/etc/postgresql/15/main/d/10.conf":         "host a" + rest,
			"/etc/postgresql/15/main/d/9.conf":          "host b" + rest,
			"/etc/postgresql/15/main/d/A.conf":          "host c" + rest,
			"/etc/postgresql/15/main/d/a.conf":          "host d" + rest,
			"/etc/postgresql/15/main/d/.x.conf":         "host e" + rest,
			"/etc/postgresql/15/main/d/x.conf~":         "host f" + rest,
			"/etc/postgresql/15/main/d/sub.conf/g.conf": "host g" + rest,
		}},
		{"words like those that include", "includes a\ninclude a b\ninclude\n", "pg_hba.conf:1 ; pg_hba.conf:2 a; pg_hba.conf:3 ", nil},
		{"names of a file", "host @dbs,x" + rest, `pg_hba.conf:1 a,b,"all,c,d,x`, files{
			"/etc/postgresql/15/main/dbs":        "a, b # comment\n\n\"all\" @sub/more",
			"/etc/postgresql/15/main/sub/more":   "@more2\n",
			"/etc/postgresql/15/main/sub/more2":  "c,\\\nd\n",
			"/etc/postgresql/15/main/more2":      "wrong",
			"/etc/postgresql/15/main/unused":     "wrong",
			"/etc/postgresql/15/main/dbs/unused": "wrong",
		}},
		{"an @ that names no file", `host "@dbs",@,a@b` + rest, `pg_hba.conf:1 "@dbs,@,a@b`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := places(rulesOf(t, test.text, test.others)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestRulesOfFilesThatPostgreSQLWouldRefuseAreAnError(t *testing.T) {
	chain := files{}
	for i := range 12 {
		chain[fmt.Sprintf("/srv/%d", i)] = fmt.Sprintf("include %d", i+1)
	}
	chain["/srv/12"] = ""
	for name, test := range map[string]struct {
		text    string
		others  files
		missing bool
	}{
		"a missing file":        {"include none", nil, true},
		"missing names":         {"host @none all all md5", nil, true},
		"a file of itself":      {"include pg_hba.conf", nil, false},
		"names of themselves":   {"host @a all all md5", files{"/etc/postgresql/15/main/a": "@b", "/etc/postgresql/15/main/b": "@a"}, false},
		"a chain of eleven":     {"include /srv/2", chain, false},
		"a missing chain's end": {"include_if_exists /srv/x", files{"/srv/x": "include y"}, true},
		"a NUL byte":            {"host \x00all", nil, false},
	} {
		_, err := Rules(together(hbaFile, test.text, test.others), hbaFile)
		if err == nil || errors.Is(err, fs.ErrNotExist) != test.missing {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Rules(together(hbaFile, "include /srv/3", chain), hbaFile); err != nil {
		t.Errorf("a chain of ten: %v", err)
	}
	if _, err := Rules(files{}, hbaFile); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
