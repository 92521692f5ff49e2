package resources

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"

	"github.com/hotpair/hotpair/reconcile"
	conf "github.com/hotpair/hotpair/resources/asteriskconf"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/sipdb"
	"github.com/hotpair/hotpair/schema"
)

var (
	_ reconcile.Resource    = (*SIPExpiryFile)(nil)
	_ reconcile.Preflighter = (*SIPExpiryFile)(nil)
	_ reconcile.Asker       = (*SIPExpiryFile)(nil)
	_ reconcile.Noter       = (*SIPExpiryFile)(nil)
	_ reconcile.Filer       = (*SIPExpiryFile)(nil)
)

// SIPExpiryFile is how long registrations last where Asterisk's own files say
// it, on both nodes of a pair: hotpair's lines stand between markers, and a node
// without high availability has none.
type SIPExpiryFile struct {
	host    *host.Host
	path    string
	dialect conf.Dialect
	reload  string
	wanted  *schema.SIPExpiry // nil: as the file says without hotpair's lines
}

// expiryFiles declares the files that are there.
func expiryFiles(cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	var all []reconcile.Declared
	for _, f := range []SIPExpiryFile{
		{path: cfg.Platform.Telephony.PJSIPConf, dialect: conf.PJSIP, reload: reloadSIP},
		{path: cfg.Platform.Telephony.SIPConf, dialect: conf.ChanSIP, reload: reloadChanSIP},
	} {
		if f.path == "" {
			continue
		}
		there, err := env.Host.Exists(f.path)
		if err != nil {
			return nil, err
		}
		if !there {
			continue
		}
		f.host = env.Host
		if cfg.Node.Role != schema.Disabled {
			f.wanted = &cfg.SIPExpiry
		}
		id := reconcile.ID{Kind: "sip_expiry", Name: map[conf.Dialect]string{conf.PJSIP: "pjsip", conf.ChanSIP: "chan_sip"}[f.dialect]}
		all = append(all, reconcile.Declared{ID: id, Resource: &f, Origin: cfg.Origin(expiryOrigin(cfg))})
	}
	return all, nil
}

// Want is the three values; where no section takes them, what there is.
func (f *SIPExpiryFile) Want(context.Context) (reconcile.State, error) {
	text, err := f.read()
	if err != nil {
		return nil, err
	}
	if found := conf.Read(f.dialect, text); f.wanted != nil && found.Sections > 0 {
		return fileState(f.values()), nil
	}
	plain, err := conf.Strip(text)
	if err != nil {
		return nil, fmt.Errorf("%s, %w", f.path, err)
	}
	return fileState(conf.Read(f.dialect, plain).Values), nil
}

func (f *SIPExpiryFile) values() conf.Values {
	return conf.Values{
		Minimum: strconv.Itoa(int(f.wanted.Min.Seconds())), Default: strconv.Itoa(int(f.wanted.Default.Seconds())), Maximum: strconv.Itoa(int(f.wanted.Max.Seconds())),
	}
}

// Have is what the sections that decide say.
func (f *SIPExpiryFile) Have(context.Context) (reconcile.State, error) {
	text, err := f.read()
	if err != nil {
		return nil, err
	}
	return fileState(conf.Read(f.dialect, text).Values), nil
}

func fileState(v conf.Values) reconcile.State {
	return reconcile.State{
		sipdb.Minimum: reconcile.Text(v.Minimum), sipdb.Default: reconcile.Text(v.Default), sipdb.Maximum: reconcile.Text(v.Maximum),
	}
}

func (f *SIPExpiryFile) read() ([]byte, error) {
	text, err := f.host.Read(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// Preflight tells why the file could not be edited.
func (f *SIPExpiryFile) Preflight(context.Context, reconcile.Change) error {
	text, err := f.read()
	if err != nil {
		return err
	}
	if _, err := f.edited(text); err != nil {
		return err
	}
	return f.host.Writable(f.path)
}

func (f *SIPExpiryFile) edited(text []byte) (edited []byte, err error) {
	if f.wanted == nil {
		edited, err = conf.Strip(text)
	} else {
		edited, err = conf.Edit(f.dialect, text, f.values())
	}
	if err != nil {
		return nil, fmt.Errorf("%s, %w", f.path, err)
	}
	return edited, nil
}

// Asks is for Asterisk to read the file.
func (f *SIPExpiryFile) Asks(reconcile.Change) []string { return []string{f.reload} }

func (f *SIPExpiryFile) Files() []string { return []string{f.path} }

// Apply replaces the file, or leaves one that is right already.
func (f *SIPExpiryFile) Apply(context.Context, reconcile.Change) error {
	text, err := f.read()
	if err != nil {
		return err
	}
	edited, err := f.edited(text)
	if err != nil || string(edited) == string(text) {
		return err
	}
	return f.host.Exchange(f.path, text, edited, 0o640)
}

// Notes tells what hotpair's lines do not decide.
func (f *SIPExpiryFile) Notes(context.Context) ([]reconcile.Note, error) {
	if f.wanted == nil {
		return nil, nil
	}
	text, err := f.read()
	if err != nil {
		return nil, err
	}
	found := conf.Read(f.dialect, text)
	var notes []reconcile.Note
	add := func(code, format string, args ...any) {
		notes = append(notes, reconcile.Note{Code: code, Text: fmt.Sprintf(format, args...)})
	}
	if found.Sections == 0 {
		add("expiry_nowhere", "%s has no section that says how long registrations last: its own are left as they are.", f.path)
	}
	if list := overriding(found.Overrides, nil); len(list) > 0 {
		add("expiry_override", "In %s an expiry is set that wins over the template's: %s.", f.path, some(list))
	}
	if list := overriding(found.Trunks, f.wanted); len(list) > 0 {
		add("trunk_expiry", "A trunk in %s registers for longer than sip_expiry.max (%.0f s), and its provider sends calls to a dead node for as long: %s.", f.path, f.wanted.Max.Seconds(), some(list))
	}
	if len(found.Includes) > 0 {
		add("expiry_include", "%s includes other files, whose expiry hotpair does not see: %s.", f.path, some(found.Includes))
	}
	return notes, nil
}

// overriding names overrides with their lines; with a limit those that exceed it,
// and those whose number is none.
func overriding(list []conf.Override, limit *schema.SIPExpiry) []string {
	var names []string
	for _, o := range list {
		n, err := strconv.Atoi(cmp.Or(o.Value, pjsipExpiration))
		if limit == nil || err != nil || n > int(limit.Max.Seconds()) {
			names = append(names, fmt.Sprintf("%s %s %s (line %d)", o.Section, o.Option, setting(o.Value), o.Line))
		}
	}
	return names
}
