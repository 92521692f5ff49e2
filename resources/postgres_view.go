package resources

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/resources/pgconf"
)

// accessView is PostgreSQL's files at one moment, read as PostgreSQL reads
// them, and what of them is the pair's own.
type accessView struct {
	*PostgresAccess
	hbaText, confText []byte
	rules             []pgconf.Rule
	settings          []pgconf.Setting
	hbaBlock          []string // between hotpair's markers
	confBlock         []string
	listen            pgconf.Setting // the effective one
}

func (a *PostgresAccess) look() (*accessView, error) {
	v := &accessView{PostgresAccess: a}
	var err error
	if v.hbaText, err = a.host.Read(a.at.hba); err != nil {
		return nil, err
	}
	if v.confText, err = a.host.Read(a.at.conf); err != nil {
		return nil, err
	}
	if v.rules, err = pgconf.Rules(a.host, a.at.hba); err != nil {
		return nil, err
	}
	if v.settings, err = pgconf.Settings(a.host, a.at.conf); err != nil {
		return nil, err
	}
	v.listen, _ = pgconf.Effective(v.settings, listenAddresses)
	if v.hbaBlock, err = pgconf.Marked(v.hbaText); err != nil {
		return nil, fmt.Errorf("reading %s: %w", a.at.hba, err)
	}
	if v.confBlock, err = pgconf.Marked(v.confText); err != nil {
		return nil, fmt.Errorf("reading %s: %w", a.at.conf, err)
	}
	return v, nil
}

// admitted lists the addresses that are let in for the pair's sake: by marked
// lines, by inherited stock lines, and the peer itself.
func (v *accessView) admitted() []netip.Addr {
	list := v.marked()
	for _, rule := range v.rules {
		if v.isInherited(rule) {
			list = append(list, v.inherited)
		}
	}
	if v.peer.IsValid() {
		list = append(list, v.peer)
	}
	slices.SortFunc(list, netip.Addr.Compare)
	return slices.Compact(list)
}

// marked lists the addresses that the lines between the markers let in.
func (v *accessView) marked() []netip.Addr {
	var list []netip.Addr
	for _, rule := range pgconf.ParseRules(strings.Join(v.hbaBlock, "\n")) {
		if rule.Prefix.IsValid() {
			list = append(list, rule.Prefix.Addr())
		}
	}
	return list
}

// isInherited tells whether a rule is the stock line of the inherited peer.
func (v *accessView) isInherited(rule pgconf.Rule) bool {
	prefix, stock := rule.Stock(v.platform.Database, v.platform.User)
	return stock && rule.File == v.at.hba && v.inherited.IsValid() && prefix.Contains(v.inherited)
}

// explained tells whether a stock line's address is the peer's, was the peer's,
// or stands between the markers.
func (v *accessView) explained(prefix netip.Prefix) bool {
	return slices.ContainsFunc(append(v.marked(), v.peer, v.inherited), prefix.Contains)
}

// editedBlocks gives, by file, the lines between hotpair's markers that hotpair
// did not write: they can let in anybody, so their effect is not all that
// counts.
func (v *accessView) editedBlocks() map[string]string {
	blocks := map[string]string{}
	if v.hbaBlock != nil && !slices.ContainsFunc(append(v.marked(), v.peer), func(addr netip.Addr) bool {
		return slices.Equal(v.hbaBlock, []string{v.trustLine(addr)})
	}) {
		blocks[v.at.hba] = strings.Join(v.hbaBlock, "\n")
	}
	if v.confBlock != nil && !slices.Equal(v.confBlock, []string{listenLine}) {
		blocks[v.at.conf] = strings.Join(v.confBlock, "\n")
	}
	return blocks
}

const listenLine = "listen_addresses = '*'"

func (v *accessView) trustLine(addr netip.Addr) string {
	return fmt.Sprintf("host %s %s %s trust", v.platform.Database, v.platform.User, netip.PrefixFrom(addr, addr.BitLen()))
}

// method is how a connection from an address would be answered, with TLS and
// without; empty when no rule speaks of it.
func (v *accessView) method(addr netip.Addr) string {
	var methods []string
	for _, tls := range []bool{true, false} {
		rule, ok := pgconf.Decide(v.rules, pgconf.Connection{Database: v.platform.Database, User: v.platform.User, Address: addr, TLS: tls})
		switch {
		case !ok:
			methods = append(methods, "")
		case rule.Method == trust:
			methods = append(methods, trust)
		default:
			methods = append(methods, fmt.Sprintf("%s (%s:%d)", rule.Method, rule.File, rule.Line))
		}
	}
	return strings.Join(slices.Compact(methods), " with TLS, else ")
}

// open tells whether the server listens where the peer can reach it: on every
// interface, or on one that an administrator chose.
func (v *accessView) open() bool {
	for _, address := range strings.Split(v.listen.Value, ",") {
		address = strings.TrimSpace(address)
		if address == everyInterface {
			return true
		}
		addr, err := netip.ParseAddr(address)
		if err != nil && address != "" && address != "localhost" {
			return true // a name, whose address only the server knows
		}
		// A server's IPv6 sockets take IPv6 alone, also that of "::".
		if err == nil && !addr.IsLoopback() && !addr.IsMulticast() && addr.Is4() == v.peer.Is4() {
			return true
		}
	}
	return false
}

// listens is the attribute listen_addresses: empty where the administrator's
// own setting is none of the pair's business.
func (v *accessView) listens() string {
	wanted := v.peer.IsValid()
	switch {
	case wanted && v.open():
		return everyInterface
	case wanted:
		return v.listen.Value
	case v.confBlock != nil || v.stockListen() != nil:
		return everyInterface
	}
	return ""
}

// stockListen are the numbers of the listen_addresses lines that the stock tools
// left on a node found as a slave.
func (v *accessView) stockListen() []int {
	if !v.listening || v.confBlock != nil {
		return nil
	}
	var numbers []int
	lines := strings.Split(string(v.confText), "\n")
	for _, s := range v.settings {
		if s.File == v.at.conf && s.Name == listenAddresses && strings.TrimSpace(lines[s.Line-1]) == listenLine {
			numbers = append(numbers, s.Line)
		}
	}
	return numbers
}

// editHBA is pg_hba.conf as it should be.
func (v *accessView) editHBA() ([]byte, error) {
	text, err := pgconf.Strip(v.hbaText)
	if err != nil {
		return nil, err
	}
	text = pgconf.DropLines(text, v.staleLines(pgconf.ParseRules(string(text))))
	if !v.peer.IsValid() {
		return text, nil
	}
	bare := *v
	if bare.rules, err = pgconf.Rules(overlay{Reader: v.host, name: v.at.hba, text: text}, v.at.hba); err != nil {
		return nil, err
	}
	if bare.method(v.peer) == trust {
		return text, nil
	}
	return pgconf.Prepend(text, v.trustLine(v.peer))
}

// staleLines are the inherited stock lines, unless they let the peer in.
func (v *accessView) staleLines(rules []pgconf.Rule) []int {
	var lines []int
	for _, rule := range rules {
		rule.File = v.at.hba
		if v.isInherited(rule) && v.inherited != v.peer {
			lines = append(lines, rule.Line)
		}
	}
	return lines
}

// editConf is postgresql.conf as it should be.
func (v *accessView) editConf() ([]byte, error) {
	if v.peer.IsValid() {
		if v.open() && len(v.editedBlocks()[v.at.conf]) == 0 {
			return v.confText, nil
		}
		return pgconf.Append(v.confText, listenLine)
	}
	if lines := v.stockListen(); lines != nil {
		return pgconf.DropLines(v.confText, lines), nil
	}
	return pgconf.Strip(v.confText)
}

// overlay is the node's files with another text in the place of one.
type overlay struct {
	pgconf.Reader
	name string
	text []byte
}

func (o overlay) Read(name string) ([]byte, error) {
	if name == o.name {
		return o.text, nil
	}
	return o.Reader.Read(name)
}
