package resources

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/pgconf"
	"github.com/hotpair/hotpair/schema"
)

var (
	_ reconcile.Resource    = (*PostgresAccess)(nil)
	_ reconcile.Preflighter = (*PostgresAccess)(nil)
	_ reconcile.Asker       = (*PostgresAccess)(nil)
	_ reconcile.Noter       = (*PostgresAccess)(nil)
	_ reconcile.Rememberer  = (*PostgresAccess)(nil)
	_ reconcile.Filer       = (*PostgresAccess)(nil)
)

// PostgresAccess is what lets the master's stock database copy into a slave's
// PostgreSQL: a trust line for the one address and a listening server. It is
// wanted on a slave with access "stock" only. What an administrator grants by
// lines of his own is taken as it is and never removed; the lines of the stock
// tools are the pair's own on a node that was found as a slave.
type PostgresAccess struct {
	host      *host.Host
	platform  schema.PlatformPostgreSQL
	at        postgresFiles
	peer      netip.Addr // the zero Addr: no access is wanted
	inherited netip.Addr // the peer whose stock lines are the pair's own; the zero Addr: none
	listening bool       // the stock listen_addresses line is the pair's own as well
}

var postgresAccessID = reconcile.ID{Kind: "postgres_access"}

const (
	accessFor       = "access for " // followed by an address
	listenAddresses = "listen_addresses"
	everyInterface  = "*"
	trust           = "trust"
	edited          = "between hotpair's markers in " // followed by a file name
)

func declarePostgresAccess(ctx context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	p := cfg.Platform.PostgreSQL
	wanted := cfg.Node.Role == schema.Slave && cfg.Replication.Access == "stock" && p.Directory != ""
	a := &PostgresAccess{host: env.Host, platform: p}
	if env.Found.Role == schema.Slave && !env.dismantled(postgresAccessID) {
		a.inherited = env.Found.Peer
		a.listening = env.mayInherit(postgresAccessID, listenAddresses)
	}
	var err error
	a.at, err = locatePostgres(ctx, cfg, env.Host)
	needed := wanted || a.inherited.IsValid() || env.kept(postgresAccessID)
	switch {
	case err != nil && needed:
		return nil, fmt.Errorf("postgres_access: %w", err)
	case a.at.hba == "" && wanted:
		return nil, fmt.Errorf("postgres_access: there is no PostgreSQL configuration below %s: install the platform's database, or set replication { access = \"ssh\" }", p.Directory)
	case a.at.hba == "":
		return nil, nil
	}
	if wanted {
		a.peer = cfg.Peer.Address
	}
	return one(postgresAccessID.Kind, cfg.Origin("node.role"), a), nil
}

// Want is trust for the peer and a server that listens.
func (a *PostgresAccess) Want(context.Context) (reconcile.State, error) {
	if !a.peer.IsValid() {
		return nil, nil
	}
	return reconcile.State{
		accessFor + a.peer.String(): reconcile.Text(trust),
		listenAddresses:             reconcile.Text(everyInterface),
	}, nil
}

// Have is what the files let in for the pair's sake, as PostgreSQL would read
// them.
func (a *PostgresAccess) Have(context.Context) (reconcile.State, error) {
	view, err := a.look()
	if err != nil {
		return nil, err
	}
	state := reconcile.State{}
	for _, addr := range view.admitted() {
		if method := view.method(addr); method != "" {
			state[accessFor+addr.String()] = reconcile.Text(method)
		}
	}
	if text := view.listens(); text != "" {
		state[listenAddresses] = reconcile.Text(text)
	}
	for file, lines := range view.editedBlocks() {
		state[edited+path.Base(file)] = reconcile.Text(lines)
	}
	if len(state) == 0 {
		return nil, nil
	}
	return state, nil
}

// Asks lists what makes PostgreSQL take the change: pg_hba.conf takes effect at a
// reload, listen_addresses at a restart.
func (a *PostgresAccess) Asks(c reconcile.Change) []string {
	var asks []string
	reload, restart := false, false
	for _, attr := range c.Attributes() {
		reload = reload || strings.HasPrefix(attr.Name, accessFor) || attr.Name == edited+path.Base(a.at.hba)
		restart = restart || attr.Name == listenAddresses || attr.Name == edited+path.Base(a.at.conf)
	}
	if reload {
		asks = append(asks, reloadPostgreSQL)
	}
	if restart {
		asks = append(asks, restartPostgreSQL)
	}
	return asks
}

func (a *PostgresAccess) Files() []string { return []string{a.at.hba, a.at.conf} }

// Preflight tells what would keep the change from being made or from working.
func (a *PostgresAccess) Preflight(context.Context, reconcile.Change) error {
	errs := []error{a.host.Writable(a.at.hba), a.host.Writable(a.at.conf)}
	view, err := a.look()
	if err != nil {
		return err
	}
	if a.peer.IsValid() && !view.open() && path.Base(view.listen.File) == "postgresql.auto.conf" {
		errs = append(errs, fmt.Errorf("%s:%d sets listen_addresses, and comes after postgresql.conf: run ALTER SYSTEM RESET listen_addresses in PostgreSQL first", view.listen.File, view.listen.Line))
	}
	return errors.Join(errs...)
}

// Apply edits both files; each is replaced as a whole, and one that is right
// already is not touched.
func (a *PostgresAccess) Apply(context.Context, reconcile.Change) error {
	view, err := a.look()
	if err != nil {
		return err
	}
	hba, err := view.editHBA()
	if err != nil {
		return err
	}
	conf, err := view.editConf()
	if err != nil {
		return err
	}
	if err := a.replace(a.at.hba, view.hbaText, hba); err != nil {
		return err
	}
	return a.replace(a.at.conf, view.confText, conf)
}

func (a *PostgresAccess) replace(name string, old, text []byte) error {
	if string(old) == string(text) {
		return nil
	}
	return a.host.Exchange(name, old, text, 0o640)
}

// Original tells whether the stock listen_addresses line was there at first: one
// that appears later is the administrator's.
func (a *PostgresAccess) Original() (map[string]string, error) {
	view, err := a.look()
	if err != nil || view.stockListen() == nil {
		return nil, err
	}
	return map[string]string{listenAddresses: listenLine}, nil
}

// Notes tells what a superuser without a password costs, and which lines of
// that kind nobody of the pair explains.
func (a *PostgresAccess) Notes(context.Context) ([]reconcile.Note, error) {
	view, err := a.look()
	if err != nil {
		return nil, err
	}
	var notes []reconcile.Note
	if a.peer.IsValid() {
		notes = append(notes, reconcile.Note{Code: "trusted", Text: fmt.Sprintf("%s is let into PostgreSQL as superuser without a password: the stock scripts need it.", a.peer)})
	}
	for _, rule := range view.rules {
		prefix, stock := rule.Stock(a.platform.Database, a.platform.User)
		switch {
		case !stock:
		case prefix.Addr().Is6() && !prefix.IsSingleIP():
			notes = append(notes, reconcile.Note{Code: "trusted_network", Text: fmt.Sprintf("%s:%d lets the whole network %s in as superuser: the stock tools write /32 for an IPv6 address. Make it /128.", rule.File, rule.Line, prefix),
				Mend: a.editing(rule, fmt.Sprintf("%ds,/%d,/128,", rule.Line, prefix.Bits()))})
		case !view.explained(prefix):
			notes = append(notes, reconcile.Note{Code: "left_over", Text: fmt.Sprintf("%s:%d lets %s in as superuser without a password, and hotpair did not write it. Remove the line if nothing needs it.", rule.File, rule.Line, prefix.Addr()),
				Mend: a.editing(rule, fmt.Sprintf("%ds/^/#/", rule.Line))})
		}
	}
	return notes, nil
}

// editing is the command that edits a line of pg_hba.conf and makes it take
// effect. No line moves, so that several such commands can follow each other.
func (a *PostgresAccess) editing(rule pgconf.Rule, script string) string {
	return fmt.Sprintf("`sed -i.bak %s %s && systemctl reload %s`", host.Quoted(script), host.Quoted(a.host.Host(rule.File)), a.platform.Unit)
}
