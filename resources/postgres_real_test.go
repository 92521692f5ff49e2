package resources

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/pgconf"
	"github.com/hotpair/hotpair/schema"
)

const (
	clusterHBA  = clusterConfig + "/pg_hba.conf"
	clusterConf = clusterConfig + "/postgresql.conf"
	letIn       = "local all all trust\n"
)

// node opens a directory as a node: a cluster's root, or "/" where paths are to
// be those that the server knows.
func node(t *testing.T, dir string) *host.Host {
	t.Helper()
	h, err := host.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

// seenRule is a row of pg_hba_file_rules.
type seenRule struct {
	Line             int
	Type             string
	Databases, Users []string
	Prefix           netip.Prefix
	Anywhere         bool
	Method           string
}

func serverRules(t *testing.T, conn *pgx.Conn) (rules []seenRule, refused map[int]string) {
	t.Helper()
	rows, err := conn.Query(t.Context(), `SELECT line_number, coalesce(type, ''), database, user_name, coalesce(address, ''), coalesce(netmask, ''), coalesce(auth_method, ''), coalesce(error, '') FROM pg_hba_file_rules ORDER BY line_number`)
	if err != nil {
		t.Fatal(err)
	}
	refused = map[int]string{}
	var r seenRule
	var address, mask, fault string
	_, err = pgx.ForEachRow(rows, []any{&r.Line, &r.Type, &r.Databases, &r.Users, &address, &mask, &r.Method, &fault}, func() error {
		if fault != "" {
			refused[r.Line] = fault
			return nil
		}
		r.Anywhere, r.Prefix = address == "all", prefixOf(address, mask)
		rules = append(rules, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rules, refused
}

// prefixOf is invalid for a name, and for a mask with holes.
func prefixOf(address, mask string) netip.Prefix {
	addr, err := netip.ParseAddr(address)
	m, _ := netip.ParseAddr(mask)
	ones, size := net.IPMask(m.AsSlice()).Size()
	if err != nil || size == 0 {
		return netip.Prefix{}
	}
	return netip.PrefixFrom(addr.WithZone(""), ones).Masked()
}

func (c *cluster) ownRules(t *testing.T, refused map[int]string) []seenRule {
	t.Helper()
	rules, err := pgconf.Rules(node(t, "/"), c.path(clusterHBA))
	if err != nil {
		t.Fatalf("%v; refused by the server: %v", err, refused)
	}
	bare := func(list []string) []string {
		var names []string
		for _, name := range list {
			names = append(names, strings.TrimPrefix(name, `"`))
		}
		return names
	}
	var seen []seenRule
	for _, r := range rules {
		if _, is := refused[r.Line]; !is {
			seen = append(seen, seenRule{r.Line, r.Type, bare(r.Databases), bare(r.Users), r.Prefix, r.Anywhere, r.Method})
		}
	}
	return seen
}

// hbaTexts is what administrators, and nobody, would write.
func hbaTexts() map[string]string {
	return map[string]string{
		"empty":         "",
		"comments":      "# a\n\n  # b\n#c",
		"Debian":        "local   all             postgres                                peer\nlocal   all             all                                     peer\nhost    all             all             127.0.0.1/32            scram-sha-256\nhost    all             all             ::1/128                 scram-sha-256\nlocal   replication     all                                     peer\n",
		"CRLF":          "local all all trust\r\n\r\nhost all all 10.0.0.1/32 md5\r\n",
		"tabs":          "local\tall\t\tall\ttrust\nhost\tall all\t10.0.0.1/32\tmd5",
		"stock":         "host asterisk postgres 10.0.0.1/32 trust\nhost asterisk postgres fd00::1/32 trust\n",
		"quoted":        "\"local\" \"all\",all \"a b\",\"c\"\"d\",\"\" \"trust\"\nhost al\"l\" \"\"all \"10.0.0.1/32\" md5\n",
		"open quote":    "local all \"all trust\n# x\nlocal all all trust\n",
		"lists":         "local a,b, c\tall trust\nlocal a ,b trust\nlocal ,a ,,b trust\nlocal a,,b all trust\nlocal a, # b\n",
		"comment glued": "local all all trust#x\nlocal all all#x trust\nlocal \"a#b\" all trust\n",
		"white space":   "local all\vx all trust\nlocal all\fx all trust\nlocal all\u00a0x all trust\n",
		"continued":     "local all \\\nall trust\nlocal a\\\nb all \\\n\\\ntrust\n# c \\\nlocal all all trust\n\\\n\\\nlocal x all trust\nlocal y\\ all trust\nlocal z all \\",
		"slashes":       "local all all trust \\\\\n\nlocal b all trust\n",
		"masks":         "host all all 10.0.0.1 255.255.255.255 md5\nhost all all 10.9.9.9 255.255.128.0 md5\nhost all all 10.0.0.9/8 md5\nhost all all 10.0.0.9/+8 md5\nhost all all 10.0.0.9/08 md5\nhost all all 0.0.0.0/0 md5\nhost all all 10.0.0.1 0.0.0.0 md5\n",
		"holes":         "host all all 10.0.0.1 255.0.255.0 md5\nhost all all fd00::1 ffff:0:ffff:: md5\n",
		"IPv6":          "host all all ::/0 md5\nhost all all fd00::5/64 md5\nhost all all fd00::5 ffff:: md5\nhost all all ::ffff:10.0.0.1/128 md5\nhost all all fe80::1%lo/64 md5\n",
		"bad networks":  "host all all 10.0.0.1 md5\nhost all all 10.0.0.1/33 md5\nhost all all 10.0.0.1/ md5\nhost all all 10.0.0.1/x md5\nhost all all 10.0.0.1 ffff:: md5\nhost all all a.example.com/8 md5\nhost all all a,b md5\n",
		"names":         "host all all samenet md5\nhost all all samehost md5\nhost all all .example.com md5\nhost all all pbx.example.com md5\nhost all all \"samenet\" md5\nhost all all all md5\n",
		"TLS":           "hostssl all all 10.0.0.1/32 cert\nhostnossl all all all reject\nhostnogssenc all all all md5\nhosts all all all md5\n",
		"keywords":      "host sameuser,samerole,samegroup,replication +a,/b,\"+c\" all md5\nhost ALL All all md5\n",
		"options":       "local all all peer map=x\nhost all all all ldap ldapserver=x ldapprefix=\"cn=\"\nhost all all 10.0.0.1 255.255.255.255 cert clientcert=verify-full\n",
		"files":         "local @/srv/names,x @names trust\nlocal \"@names\",@,a@b all trust\n",
		"too short":     "local\nhost all\nhost all all\nhost all all 10.0.0.1/32\nlocal all all\n",
		"too many":      "local,host all all trust\nhost all all all trust,md5\n",
		"missing":       "local @none all trust\n",
		"include":       "include names\ninclude_if_exists none\nlocal all all trust\n",
		"order mark":    "\ufefflocal all all trust\nlocal all all trust\n",
	}
}

func TestRulesAreThoseOfAServer(t *testing.T) {
	c := newCluster(t)
	c.write(t, clusterHBA, letIn)
	c.write(t, clusterConf, "listen_addresses = ''\nssl = off\n")
	c.write(t, clusterConfig+"/names", "a, b # c\r\n\"d e\" @"+c.path("/srv/names")+"\n")
	c.write(t, "/srv/names", "srv\\\nsrv,\"all\"")
	c.start(t, clusterHBA)
	conn := c.admin(t)
	texts := hbaTexts()
	maps.Copy(texts, randomTexts(hbaColumns()))
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			c.write(t, clusterHBA, strings.ReplaceAll(text, "@/srv", "@"+c.path("/srv")))
			want, refused := serverRules(t, conn)
			if slices.ContainsFunc(slices.Collect(maps.Values(refused)), missingNames) {
				if _, err := pgconf.Rules(node(t, "/"), c.path(clusterHBA)); err == nil {
					t.Errorf("%q: refused by the server: %v", text, refused)
				}
				return
			}
			got := c.ownRules(t, refused)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
				t.Errorf("%q: %s\nrefused by the server: %v", text, diff, refused)
			}
		})
	}
}

// missingNames tells whether the server misses the file that @ names.
func missingNames(fault string) bool { return strings.Contains(fault, "secondary authentication file") }

// confTexts is what administrators, and nobody, would write.
func confTexts() map[string]string {
	return map[string]string{
		"empty":          "",
		"several":        "listen_addresses = ''\nport = 5433\nlisten_addresses = '127.0.0.1'\n",
		"case, no sign":  "LISTEN_addresses ''\nPort 5433\nPORT=5434\n",
		"CRLF":           "listen_addresses = '127.0.0.1'\r\n\r\nport=5433\r\n",
		"no newline":     "port = 5433\nlisten_addresses = '*'",
		"comments":       "#port = 1\nport = 5433#x\nlisten_addresses = 'a#b' # c\n",
		"quotes":         `cluster_name = 'it''s'` + "\n" + `log_line_prefix = 'a\'b\\\n\t\052\101b\q'` + "\nport'5433'\n",
		"numbers":        "work_mem = 8MB\nrandom_page_cost = 1.5\nseq_page_cost = .5e1\nport = 0x1540\nvacuum_cost_delay = -0\n",
		"words":          "listen_addresses = localhost\nlog_timezone = Europe/Berlin\nlog_filename = a-b.c.d\n",
		"own parameters": "hotpair.role = on\nhot.größe = 1\n",
		"unknown":        "listen_addreses = '*'\nlisten_addresses = '127.0.0.1'\n",
		"included": "include 'more.conf'\nlisten_addresses = 'a'\ninclude_dir 'conf.d'\ninclude_if_exists = 'none.conf'\n" +
			"Include_If_Exists 'more.conf'\n",
		"a star":            "port = 5433\nlisten_addresses = *\n",
		"an address":        "listen_addresses = 10.0.0.1\n",
		"a dotted word":     "listen_addresses = a.b\n",
		"a list":            "listen_addresses = a, b\n",
		"no value":          "listen_addresses =\nport = 5433\n",
		"an open quote":     "listen_addresses = 'a\nport = 5433\n",
		"an escaped quote":  "listen_addresses = 'a\\'\nport = 5433\n",
		"two values":        "port = 5433 5434\n",
		"three signs":       "port === 5433\n",
		"white space":       "port\v= 5433\n",
		"names":             "a.b.c = 1\na-b = 1\n1a = 1\n'port' = 1\nport = 5433\n",
		"include unquoted":  "include_dir conf.d\n",
		"another directive": "include_all 'conf.d'\nport = 5433\n",
	}
}

// fileSettings is what pg_file_settings shows.
type fileSettings struct {
	list      []pgconf.Setting
	effective map[string]pgconf.Setting // now or after a restart
	refused   map[string]bool           // file:line; the files are refused for them
}

func serverSettings(t *testing.T, conn *pgx.Conn) fileSettings {
	t.Helper()
	rows, err := conn.Query(t.Context(), `SELECT coalesce(sourcefile, ''), coalesce(sourceline, 0), lower(coalesce(name, '')), coalesce(setting, ''), applied OR coalesce(error, '') = 'setting could not be applied' FROM pg_file_settings ORDER BY seqno`)
	if err != nil {
		t.Fatal(err)
	}
	seen := fileSettings{effective: map[string]pgconf.Setting{}, refused: map[string]bool{}}
	var s pgconf.Setting
	var applied bool
	_, err = pgx.ForEachRow(rows, []any{&s.File, &s.Line, &s.Name, &s.Value, &applied}, func() error {
		if s.Name == "" {
			seen.refused[fmt.Sprint(s.File, ":", s.Line)] = true
			return nil
		}
		seen.list = append(seen.list, s)
		if applied {
			seen.effective[s.Name] = s
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// compare compares with our own reading. Of a file that it refuses as a whole
// the server does not show everything.
func (s fileSettings) compare(t *testing.T, own []pgconf.Setting) {
	t.Helper()
	if len(s.refused) == 0 {
		if diff := cmp.Diff(s.list, own); diff != "" {
			t.Error(diff)
		}
	}
	for _, o := range own {
		if s.refused[fmt.Sprint(o.File, ":", o.Line)] {
			t.Errorf("the server refuses %+v", o)
		}
	}
	for _, one := range s.list {
		if !slices.Contains(own, one) {
			t.Errorf("%+v is missing", one)
		}
	}
	for name, one := range s.effective {
		if o, _ := pgconf.Effective(own, name); o != one {
			t.Errorf("of %s %+v takes effect, not %+v", name, one, o)
		}
	}
}

func TestSettingsAreThoseOfAServer(t *testing.T) {
	c := newCluster(t)
	c.write(t, clusterHBA, letIn)
	c.write(t, clusterConf, "listen_addresses = ''\n")
	c.start(t, clusterHBA)
	conn := c.admin(t)
	c.write(t, clusterConfig+"/more.conf", "include 'conf.d/deep.con'\nwork_mem = 9MB\n")
	c.write(t, clusterConfig+"/conf.d/deep.con", "listen_addresses = 'deep'\n")
	c.write(t, clusterConfig+"/conf.d/9.conf", "listen_addresses = 'nine'\n")
	c.write(t, clusterConfig+"/conf.d/10.conf", "listen_addresses = 'ten'\n")
	c.write(t, clusterConfig+"/conf.d/Z.conf", "port = 5434\n")
	c.write(t, clusterConfig+"/conf.d/.z.conf", "listen_addresses = 'dot'\n")
	c.write(t, clusterConfig+"/conf.d/z.conf~", "listen_addresses = 'old'\n")
	c.write(t, clusterConfig+"/conf.d/dir.conf/z.conf", "listen_addresses = 'dir'\n")
	for _, auto := range []string{"", "# ALTER SYSTEM\nlisten_addresses = '::1'\nwork_mem = '5MB'\n"} {
		c.write(t, clusterData+"/postgresql.auto.conf", auto)
		texts := confTexts()
		maps.Copy(texts, randomTexts(confColumns()))
		for name, text := range texts {
			t.Run(fmt.Sprintf("%s, altered %v", name, auto != ""), func(t *testing.T) {
				c.write(t, clusterConf, "data_directory = '"+c.path(clusterData)+"'\n"+text)
				seen := serverSettings(t, conn)
				own, err := pgconf.Settings(node(t, "/"), c.path(clusterConf))
				if err == nil {
					seen.compare(t, own)
				}
				if t.Failed() || err != nil && len(seen.refused) == 0 {
					t.Errorf("%q: %v", text, err)
				}
			})
		}
	}
}

// scramFirst is what an administrator wrote before anybody thought of a pair.
const scramFirst = letIn + "host all all 0.0.0.0/0 scram-sha-256\nhost all all samenet scram-sha-256\n"

func TestAStandbyLetsTheMasterInAndNobodyElse(t *testing.T) {
	c := newCluster(t)
	confText := c.read(t, clusterConf) + "data_directory = '" + clusterData + "'\nlisten_addresses = '127.0.0.1'\n"
	c.write(t, clusterConf, confText)
	c.write(t, clusterHBA, letIn)
	c.start(t, clusterHBA)
	if _, err := c.admin(t).Exec(t.Context(), "CREATE DATABASE asterisk"); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ hba, conf string }{
		"an administrator's rules":    {scramFirst, confText},
		"an own line too late":        {scramFirst + "host asterisk postgres 127.0.0.2/32 trust\n", confText},
		"no newline at the end":       {strings.TrimSuffix(scramFirst, "\n"), strings.TrimSuffix(confText, "\n")},
		"CRLF":                        {strings.ReplaceAll(scramFirst, "\n", "\r\n"), strings.ReplaceAll(confText, "\n", "\r\n")},
		"a refusal, several settings": {letIn + "host all postgres 127.0.0.2 255.255.255.255 \\\nreject\n" + scramFirst, "listen_addresses = ''\n" + confText + "Listen_Addresses '127.0.0.1,::1'"},
		"included settings":           {scramFirst, confText + "include_dir 'conf.d'\n"},
	} {
		t.Run(name, func(t *testing.T) {
			c.write(t, clusterConfig+"/conf.d/local.conf", "listen_addresses = '127.0.0.1'\n")
			c.write(t, clusterHBA, test.hba)
			c.write(t, clusterConf, test.conf)
			c.letsIn(t, false)
			c.settle(t, config(t, "slave", "127.0.0.2"))
			c.letsIn(t, true)
			c.settle(t, config(t, "disabled", "127.0.0.2"))
			c.letsIn(t, false)
			if diff := cmp.Diff(test.hba+test.conf, c.read(t, clusterHBA)+c.read(t, clusterConf)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// settle applies the node's database access and wants nothing more then.
func (c *cluster) settle(t *testing.T, cfg *schema.Config) {
	t.Helper()
	declared, err := declarePostgresAccess(t.Context(), cfg, Env{Host: node(t, c.root), Found: Found{Role: schema.Disabled}})
	if err != nil || len(declared) != 1 {
		t.Fatal(declared, err)
	}
	a := declared[0].Resource.(*PostgresAccess)
	change := wantedOf(t, a)
	if cmp.Equal(change.Have, change.Want) {
		t.Error("nothing is to be done")
	}
	if err := errors.Join(a.Preflight(t.Context(), change), a.Apply(t.Context(), change)); err != nil {
		t.Fatal(err)
	}
	if again := wantedOf(t, a); !cmp.Equal(again.Have, again.Want) {
		t.Errorf("not settled: %v, wanted are %v", again.Have, again.Want)
	}
}

func wantedOf(t *testing.T, a *PostgresAccess) reconcile.Change {
	t.Helper()
	want, wanting := a.Want(t.Context())
	have, having := a.Have(t.Context())
	if err := errors.Join(wanting, having); err != nil {
		t.Fatal(err)
	}
	return reconcile.Change{ID: postgresAccessID, Have: have, Want: want}
}

// letsIn restarts the server and checks who gets in as superuser without a
// password: the peer, or nobody.
func (c *cluster) letsIn(t *testing.T, peer bool) {
	t.Helper()
	c.stop(t)
	c.start(t, clusterHBA)
	for client, wanted := range map[string]bool{"127.0.0.2": peer, "127.0.0.3": false} {
		conn, err := c.connect(t.Context(), "asterisk", client)
		if err == nil {
			err = errors.Join(conn.Ping(t.Context()), conn.Close(t.Context()))
		}
		var refusal *pgconn.PgError
		if refused := errors.As(err, &refusal); wanted && err != nil || !wanted && !refused {
			t.Errorf("%s gets in: %v; %v", client, !wanted, err)
		}
	}
}

func TestAServerIsAskedAsItsUserForItsFiles(t *testing.T) {
	c := newCluster(t)
	const elsewhere = "/srv/pg_hba.conf"
	for _, name := range []string{clusterHBA, elsewhere, "/etc/postgresql/14/main/pg_hba.conf"} {
		c.write(t, name, "local all postgres peer\n")
	}
	c.write(t, clusterConf, "listen_addresses = ''\n")
	cfg := config(t, "slave", "127.0.0.2", fmt.Sprintf("database {\n  url = \"postgres:///postgres?host=%s&user=postgres&port=%d\"\n}\n", clusterSockets, c.port))
	h := node(t, c.root)
	for _, hba := range []string{clusterHBA, elsewhere} {
		c.start(t, hba)
		got, err := locatePostgres(t.Context(), cfg, h)
		if want := (postgresFiles{hba: hba, conf: clusterConf}); err != nil || got != want {
			t.Errorf("got %v, want %v: %v", got, want, err)
		}
		if _, err := c.connect(t.Context(), "postgres", ""); err == nil {
			t.Error("root gets in as itself")
		}
		c.stop(t)
	}
	_, err := locatePostgres(t.Context(), cfg, h)
	if err == nil || !strings.Contains(err.Error(), "/etc/postgresql/14/main and /etc/postgresql/15/main") {
		t.Errorf("of two clusters that do not run: %v", err)
	}
	if err := h.Remove("/etc/postgresql/14/main/pg_hba.conf"); err != nil {
		t.Fatal(err)
	}
	got, err := locatePostgres(t.Context(), cfg, h)
	if want := (postgresFiles{hba: clusterHBA, conf: clusterConf}); err != nil || got != want {
		t.Errorf("of one cluster that does not run: %v, %v", got, err)
	}
}
