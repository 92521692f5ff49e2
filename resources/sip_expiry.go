package resources

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/sipdb"
	"github.com/hotpair/hotpair/schema"
)

var (
	_ reconcile.Resource = (*SIPExpiry)(nil)
	_ reconcile.Keeper   = (*SIPExpiry)(nil)
	_ reconcile.Asker    = (*SIPExpiry)(nil)
	_ reconcile.Noter    = (*SIPExpiry)(nil)
)

// SIPExpiry is how long registrations of one tenant's phones last, in seconds.
// On a slave it is not declared: there the values come with the database.
// Without high availability it is what it was before. On a node that was found
// in a pair, what it had from the documentation of that is the pair's, and the
// platform's own takes its place.
type SIPExpiry struct {
	id        reconcile.ID
	db        database
	place     sipdb.Place
	role      schema.Role
	wanted    schema.SIPExpiry
	withoutHA schema.SIPExpiry
	past      past

	rows    sipdb.Rows // as last seen
	bare    bool       // then: a row needs a section first
	section string     // that is made for it
}

// sectionKept is the name by which the ledger keeps the id of a section that
// hotpair made.
const sectionKept = "section"

// documented is what Wazo's and XiVO's documentation, "High Availability", has a
// pair set.
func documented() schema.SIPExpiry {
	return schema.SIPExpiry{Min: 3 * time.Minute, Default: 4 * time.Minute, Max: 5 * time.Minute}
}

func declareSIPExpiry(ctx context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	if cfg.Platform.Telephony.PJSIPConf != "" && !cfg.Database.Enabled {
		return expiryFiles(cfg, env)
	}
	if !databaseKept(cfg, env.Host) || cfg.Node.Role == schema.Slave {
		return nil, nil
	}
	db := database{env.Host, cfg.Database.URL.Reveal()}
	var places []sipdb.Place
	var without int
	err := db.within(ctx, pgx.ReadOnly, func(tx pgx.Tx) (err error) {
		places, without, err = sipdb.Places(ctx, tx)
		return err
	})
	if err != nil {
		return one("sip_expiry", cfg.Origin("database.url"), unseen{err}), nil
	}
	var all []reconcile.Declared
	if without > 0 && cfg.Node.Role == schema.Master {
		all = one("sip_expiry", cfg.Origin(expiryOrigin(cfg)), noTemplate{without})
	}
	for _, p := range places {
		e := &SIPExpiry{id: reconcile.ID{Kind: "sip_expiry", Name: p.Name}, db: db, place: p, role: cfg.Node.Role, wanted: cfg.SIPExpiry, withoutHA: cfg.Platform.WithoutHA}
		e.past = env.past(e.id)
		e.section = e.past.originals[sectionKept]
		all = append(all, reconcile.Declared{ID: e.id, Resource: e, Origin: cfg.Origin(expiryOrigin(cfg))})
	}
	return all, nil
}

// expiryOrigin is the block that decides, the user's own rather than the
// platform's.
func expiryOrigin(cfg *schema.Config) string {
	if cfg.Node.Role == schema.Disabled {
		return "node.role"
	}
	for _, name := range []string{"max", "min", "default"} {
		if usersOwn(cfg, "sip_expiry."+name) {
			return "sip_expiry." + name
		}
	}
	return "sip_expiry"
}

// Want is three values, in seconds.
func (e *SIPExpiry) Want(ctx context.Context) (reconcile.State, error) {
	have, err := e.Have(ctx)
	switch {
	case err != nil:
		return nil, err
	case e.role == schema.Master:
		return e.values(e.wanted), nil
	case e.past.settled(schema.Disabled), e.past.last == nil:
		return have, nil
	}
	pairs, own := e.values(documented()), e.values(e.withoutHA)
	for _, name := range sipdb.Names() {
		if original, kept := e.original(name); kept {
			have[name] = reconcile.Text(written(original))
		}
		if e.past.role != schema.Disabled && e.withoutHA.Max > 0 && have[name] == pairs[name] {
			have[name] = own[name]
		}
	}
	return have, nil
}

func (e *SIPExpiry) values(x schema.SIPExpiry) reconcile.State {
	seconds := func(d time.Duration) reconcile.Value { return reconcile.Text(strconv.Itoa(int(d.Seconds()))) }
	return reconcile.State{
		sipdb.Minimum: seconds(x.Min), sipdb.Default: seconds(x.Default), sipdb.Maximum: seconds(x.Max),
		servedRole: reconcile.Text(string(e.role)),
	}
}

// Have is three values; "" where none is set, so that Asterisk's own holds.
func (e *SIPExpiry) Have(ctx context.Context) (reconcile.State, error) {
	err := e.db.within(ctx, pgx.ReadOnly, func(tx pgx.Tx) (err error) {
		if e.rows, err = e.place.Read(ctx, tx, false); err == nil {
			e.bare, err = e.place.Bare(ctx, tx)
		}
		return err
	})
	return e.state(e.rows), err
}

func (e *SIPExpiry) state(rows sipdb.Rows) reconcile.State {
	s := reconcile.State{servedRole: reconcile.Text(string(e.role))}
	for _, name := range sipdb.Names() {
		s[name] = reconcile.Text(written(rows[name]))
	}
	return s
}

// written is the value of rows, which should be one.
func written(rows []sipdb.Row) string {
	text := ""
	for i, row := range rows {
		if i > 0 && row.Value == rows[0].Value {
			continue
		}
		if i > 0 {
			text += " and "
		}
		text += row.Value
	}
	return text
}

// Keep is the rows that are overwritten, unless hotpair wrote them, and the
// section that is made where there is none.
func (e *SIPExpiry) Keep(c reconcile.Change) map[string]string {
	kept := map[string]string{}
	if e.bare && e.role != schema.Disabled {
		e.section = cmp.Or(e.section, sipdb.NewID())
		kept[sectionKept] = e.section
	}
	for _, a := range c.Attributes() {
		ours := a.Have != nil && e.past.last != nil && *a.Have == e.past.last[a.Name] && e.past.settled(schema.Master)
		if text, err := json.Marshal(e.rows[a.Name]); err == nil && !ours {
			kept[a.Name] = string(text)
		}
	}
	return kept
}

// Forget names the rows that have been given back.
func (e *SIPExpiry) Forget(c reconcile.Change) []string {
	if e.role != schema.Disabled {
		return nil
	}
	names := []string{sectionKept}
	for _, a := range c.Attributes() {
		names = append(names, a.Name)
	}
	return names
}

// original is the rows of a value as they were kept.
func (e *SIPExpiry) original(name string) (rows []sipdb.Row, kept bool) {
	text, kept := e.past.originals[name]
	return rows, kept && json.Unmarshal([]byte(text), &rows) == nil
}

// Asks is for Asterisk, which reads no table by itself.
func (e *SIPExpiry) Asks(reconcile.Change) []string {
	if e.place.Tenant == "" {
		return []string{reloadChanSIP}
	}
	return []string{reloadSIP}
}

// Apply writes the rows that differ, all of them or none.
func (e *SIPExpiry) Apply(ctx context.Context, c reconcile.Change) error {
	return e.db.within(ctx, pgx.ReadWrite, func(tx pgx.Tx) error {
		rows, err := e.place.Read(ctx, tx, true)
		if err != nil {
			return err
		}
		for _, a := range c.Attributes() {
			if err := e.write(ctx, tx, rows, a); err != nil {
				return err
			}
		}
		if e.role == schema.Disabled && e.section != "" {
			return e.place.Tidy(ctx, tx, e.section)
		}
		return nil
	})
}

func (e *SIPExpiry) write(ctx context.Context, tx pgx.Tx, rows sipdb.Rows, a reconcile.Attribute) error {
	stored := sipdb.Stored{Name: a.Name, Rows: rows[a.Name], Section: e.section}
	now := written(stored.Rows)
	switch {
	case a.Want == nil || now == a.Want.Reveal():
		return nil
	case a.Have == nil || now != a.Have.Reveal():
		return fmt.Errorf("%s: %w", a.Name, reconcile.ErrStale)
	}
	if original, kept := e.original(a.Name); kept && e.role == schema.Disabled && written(original) == a.Want.Reveal() {
		return e.place.Restore(ctx, tx, stored, original)
	}
	return e.place.Set(ctx, tx, stored, a.Want.Reveal())
}

// Notes tells what overrides the values, and which trunks stay at a dead node
// for longer than phones.
func (e *SIPExpiry) Notes(ctx context.Context) ([]reconcile.Note, error) {
	if e.role != schema.Master {
		return nil, nil
	}
	var overrides, trunks []sipdb.Override
	err := e.db.within(ctx, pgx.ReadOnly, func(tx pgx.Tx) (err error) {
		if overrides, err = e.place.Overrides(ctx, tx); err == nil {
			trunks, err = e.place.Trunks(ctx, tx)
		}
		return err
	})
	var notes []reconcile.Note
	if list := e.overruling(overrides); len(list) > 0 {
		notes = append(notes, reconcile.Note{Code: "expiry_override", Text: fmt.Sprintf("Below the template of %s an expiry is set that wins over it: %s.", e.place.Name, some(list)),
			Mend: "take these options out of the endpoints and templates, so that the tenant's template holds"})
	}
	if list := e.lasting(trunks); len(list) > 0 {
		notes = append(notes, reconcile.Note{Code: "trunk_expiry", Text: fmt.Sprintf("A trunk of %s registers for longer than sip_expiry.max (%.0f s), and its provider sends calls to a dead node for as long: %s.", e.place.Name, e.wanted.Max.Seconds(), some(list)),
			Mend: fmt.Sprintf("set the expiration of each trunk's registration, or of the template that it has it from, to at most %.0f", e.wanted.Max.Seconds())})
	}
	return notes, err
}

// overruling are the overrides that say something else.
func (e *SIPExpiry) overruling(list []sipdb.Override) []string {
	want := e.values(e.wanted)
	return those(list, func(o sipdb.Override) bool { return o.Value != want[o.Name].Reveal() })
}

// lasting are the trunks over the limit, and those whose number is none.
func (e *SIPExpiry) lasting(list []sipdb.Override) []string {
	return those(list, func(o sipdb.Override) bool {
		n, err := strconv.Atoi(cmp.Or(o.Value, pjsipExpiration))
		return err != nil || n > int(e.wanted.Max.Seconds())
	})
}

// pjsipExpiration is for how long Asterisk registers a trunk that says nothing, in
// seconds (res_pjsip_outbound_registration, expiration).
const pjsipExpiration = "3600"

// setting is what an option says, for people.
func setting(value string) string {
	return cmp.Or(value, "not set, so "+pjsipExpiration)
}

func those(list []sipdb.Override, which func(sipdb.Override) bool) []string {
	var names []string
	for _, o := range list {
		if which(o) {
			names = append(names, fmt.Sprintf("%s %s %s", o.Endpoint, o.Option, setting(o.Value)))
		}
	}
	return names
}
