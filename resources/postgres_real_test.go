package resources

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
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

// node opens the cluster's root.
func (c *cluster) node(t *testing.T) *host.Host {
	t.Helper()
	h, err := host.Open(c.root)
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
	if err != nil {
		return netip.Prefix{}
	}
	for bits := range addr.BitLen() + 1 {
		whole := netip.PrefixFrom(netip.MustParseAddr(map[bool]string{true: "255.255.255.255", false: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}[addr.Is4()]), bits).Masked()
		if whole.Addr() == netip.MustParseAddr(mask) {
			return netip.PrefixFrom(addr.WithZone(""), bits).Masked()
		}
	}
	return netip.Prefix{}
}

func ownRules(t *testing.T, h *host.Host, refused map[int]string) []seenRule {
	t.Helper()
	rules, err := pgconf.Rules(h, clusterHBA)
	if err != nil {
		t.Fatal(err)
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
		"quoted":        "\"local\" \"all\",all \"a b\",\"c\"\"d\",\"\" \"trust\"\nhost al\"l\" \"\"all \"10.0.0.1/32\" md5\nhost all all \"all\" md5\n",
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
		"include":       "include names\ninclude_if_exists none\nlocal all all trust\n",
		"order mark":    "\ufefflocal all all trust\nlocal all all trust\n",
	}
}

func TestRulesAreThoseOfAServer(t *testing.T) {
	c := newCluster(t)
	c.write(t, clusterHBA, letIn)
	c.write(t, clusterConf, "listen_addresses = ''\nssl = off\n")
	c.write(t, clusterConfig+"/names", "a, b # c\r\n\"d e\" @/srv/names\n")
	c.write(t, "/srv/names", "srv\\\nsrv,\"all\"")
	c.start(t, clusterHBA)
	conn := c.admin(t)
	for name, text := range hbaTexts() {
		t.Run(name, func(t *testing.T) {
			text = strings.ReplaceAll(text, "@/srv", "@"+c.path("/srv"))
			c.write(t, clusterHBA, text)
			want, refused := serverRules(t, conn)
			c.write(t, clusterHBA, strings.ReplaceAll(text, c.root, ""))
			c.write(t, clusterConfig+"/names", strings.ReplaceAll(c.read(t, clusterConfig+"/names"), c.root, ""))
			got := ownRules(t, c.node(t), refused)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
				t.Errorf("%s\nrefused by the server: %v", diff, refused)
			}
		})
	}
}

func TestAMissingFileOfNamesIsRefusedByAServerToo(t *testing.T) {
	c := newCluster(t)
	c.write(t, clusterHBA, letIn)
	c.write(t, clusterConf, "listen_addresses = ''\n")
	c.start(t, clusterHBA)
	conn := c.admin(t)
	c.write(t, clusterHBA, letIn+"local @none all trust\n")
	if _, refused := serverRules(t, conn); refused[2] == "" {
		t.Error("the server takes it")
	}
	if _, err := pgconf.Rules(c.node(t), clusterHBA); err == nil {
		t.Error("we take it")
	}
}
