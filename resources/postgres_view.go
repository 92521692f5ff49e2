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
	marked            []netip.Addr // let in by the lines between the markers
	markedListen      bool
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
	return v, v.readMarked()
}

// readMarked reads what stands between hotpair's own markers.
func (v *accessView) readMarked() error {
	lines, err := pgconf.Marked(v.hbaText)
	if err != nil {
		return fmt.Errorf("reading %s: %w", v.at.hba, err)
	}
	for _, rule := range pgconf.ParseRules(strings.Join(lines, "\n")) {
		if rule.Prefix.IsValid() {
			v.marked = append(v.marked, rule.Prefix.Addr())
		}
	}
	lines, err = pgconf.Marked(v.confText)
	if err != nil {
		return fmt.Errorf("reading %s: %w", v.at.conf, err)
	}
	v.markedListen = len(lines) > 0
	return nil
}

// admitted lists the addresses that are let in for the pair's sake: by marked
// lines, by stock lines of a known peer, and the peer itself.
func (v *accessView) admitted() []netip.Addr {
	list := slices.Clone(v.marked)
	for _, rule := range v.rules {
		if peer, is := v.stockPeer(rule); is {
			list = append(list, peer)
		}
	}
	if v.peer.IsValid() {
		list = append(list, v.peer)
	}
	slices.SortFunc(list, netip.Addr.Compare)
	return slices.Compact(list)
}

// stockPeer tells which known peer a stock line lets in.
func (v *accessView) stockPeer(rule pgconf.Rule) (netip.Addr, bool) {
	prefix, stock := rule.Stock(v.platform.Database, v.platform.User)
	if !stock || rule.File != v.at.hba {
		return netip.Addr{}, false
	}
	i := slices.IndexFunc(v.known, prefix.Contains)
	if i < 0 {
		return netip.Addr{}, false
	}
	return v.known[i], true
}

// ours tells whether a stock line's address is a peer or stands between the
// markers.
func (v *accessView) ours(prefix netip.Prefix) bool {
	return slices.ContainsFunc(v.known, prefix.Contains) || slices.ContainsFunc(v.marked, prefix.Contains)
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
		if err == nil && !addr.IsLoopback() && (addr.Is4() == v.peer.Is4() || addr == netip.IPv6Unspecified()) {
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
	case v.markedListen || v.stockListen() > 0:
		return everyInterface
	}
	return ""
}

// stockListen is the line number of the listen_addresses line that the stock
// tools left on a node found as a slave; 0: there is none.
func (v *accessView) stockListen() int {
	if !v.inherited || v.listen.File != v.at.conf || v.listen.Value != everyInterface || v.markedListen {
		return 0
	}
	return v.listen.Line
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
	prefix := netip.PrefixFrom(v.peer, v.peer.BitLen())
	return pgconf.Prepend(text, fmt.Sprintf("host %s %s %s trust", v.platform.Database, v.platform.User, prefix))
}

// staleLines are the stock lines of known peers that are not the peer now.
func (v *accessView) staleLines(rules []pgconf.Rule) []int {
	var lines []int
	for _, rule := range rules {
		rule.File = v.at.hba
		if peer, is := v.stockPeer(rule); is && peer != v.peer {
			lines = append(lines, rule.Line)
		}
	}
	return lines
}

// editConf is postgresql.conf as it should be.
func (v *accessView) editConf() ([]byte, error) {
	if v.peer.IsValid() {
		if v.open() {
			return v.confText, nil
		}
		return pgconf.Append(v.confText, "listen_addresses = '*'")
	}
	if line := v.stockListen(); line > 0 {
		return pgconf.DropLines(v.confText, []int{line}), nil
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
