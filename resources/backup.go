package resources

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/phones"
	"github.com/hotpair/hotpair/resources/provd"
	"github.com/hotpair/hotpair/schema"
)

var (
	_ reconcile.Resource      = (*Backup)(nil)
	_ reconcile.Keeper        = (*Backup)(nil)
	_ reconcile.Summarizer    = (*Backup)(nil)
	_ reconcile.Interruptible = (*Backup)(nil)
	_ reconcile.Asker         = (*Backup)(nil)
	_ reconcile.Parted        = (*Backup)(nil)
)

// Backup is the peer's address in documents of the provisioning daemon: on a
// master wherever a backup can stand, on a slave nowhere. A node without high
// availability has what it had before. The kinds registrar, autoprov and device
// differ in the documents that they look at.
//
// An address that is absent, null or "" is blank; what it was is kept, so that
// taking the backup away gives back the same document.
type Backup struct {
	id       reconcile.ID
	client   *provd.Client
	read     func(ctx context.Context) ([]phones.Document, error)
	role     schema.Role
	peer     string
	mains    []string // the servers whose phones get a backup; nil: all
	asks     []string
	pending  *resyncList // of phones whose document changed; nil: none is kept
	progress func(done, total int)

	past   past
	looked []phones.Document // by Want, for the Have that follows it
	raw    map[string]string // what stands at each place, as JSON; not there is not in it
}

// newBackup declares a backup; what it reads is left to the kind.
func newBackup(cfg *schema.Config, env Env, id reconcile.ID) *Backup {
	b := &Backup{id: id, role: cfg.Node.Role, progress: env.Progress, past: env.past(id)}
	if cfg.Peer.Address.IsValid() {
		b.peer = cfg.Peer.Address.String()
	}
	return b
}

// backupIn declares a backup in documents of the phones of the servers that are
// meant; nil where the daemon does not answer, which the registrars tell of.
func backupIn(cfg *schema.Config, env Env, id reconcile.ID) (*Backup, error) {
	if !phonesKept(cfg, env) || env.Unasked {
		return nil, nil
	}
	system, err := env.asked.phones()
	if err != nil {
		return nil, nil
	}
	b := newBackup(cfg, env, id)
	b.client = system.client
	if b.mains, err = system.mains(cfg); err != nil {
		return nil, nil
	}
	return b, nil
}

// oneDocument reads the document of a name, which may not be there.
func oneDocument(client *provd.Client, name string) func(context.Context) ([]phones.Document, error) {
	return func(ctx context.Context) ([]phones.Document, error) {
		d, err := client.Config(ctx, name)
		if errors.Is(err, provd.ErrNotFound) {
			return nil, nil
		}
		return []phones.Document{d}, err
	}
}

// servedRole is an attribute that both sides of a thing have alike: by it the
// ledger tells in which role the thing was last settled.
const servedRole = "role"

// Want is an address for every place that there is.
func (b *Backup) Want(ctx context.Context) (reconcile.State, error) {
	docs, err := b.read(ctx)
	if err != nil {
		return nil, err
	}
	b.looked = docs
	return b.state(docs, b.wanted), nil
}

// value is what an address should be, or is, at a place.
type value func(p phones.Place, name, have string) string

// Have is the address at every place.
func (b *Backup) Have(ctx context.Context) (reconcile.State, error) {
	docs := b.looked
	b.looked = nil
	if docs == nil {
		var err error
		if docs, err = b.read(ctx); err != nil {
			return nil, err
		}
	}
	b.raw = map[string]string{}
	return b.state(docs, func(_ phones.Place, _, have string) string { return have }), nil
}

func (b *Backup) state(docs []phones.Document, value value) reconcile.State {
	if len(docs) == 0 {
		return nil
	}
	s := reconcile.State{servedRole: reconcile.Text(string(b.role))}
	for _, d := range docs {
		for _, p := range phones.Places(d) {
			name, have := b.attribute(d, p), p.Get(d)
			if !b.meant(p) && !b.given(name, have) {
				continue
			}
			s[name] = reconcile.Text(value(p, name, have))
			if original, found := p.Original(d); found && b.raw != nil {
				b.raw[name] = original
			}
		}
	}
	return s
}

// Part is the phone whose document an attribute is of.
func (b *Backup) Part(attribute string) string {
	if b.id != deviceID {
		return ""
	}
	document, _, is := strings.Cut(attribute, partSeparator)
	if !is {
		return ""
	}
	return document
}

// partSeparator cannot be in the id of a document (package provd).
const partSeparator = "/"

// meant tells whether the phones of a server get a backup.
func (b *Backup) meant(p phones.Place) bool {
	return b.mains == nil || slices.Contains(b.mains, p.Main)
}

// given tells whether hotpair wrote an address: it goes when the server is not
// meant any more.
func (b *Backup) given(name, have string) bool {
	return have != "" && b.past.settled(schema.Master) && have == b.past.last[name].Reveal()
}

// attribute names a place; where there are many documents, with its own.
func (b *Backup) attribute(d phones.Document, p phones.Place) string {
	if b.id == deviceID {
		return phones.ID(d) + partSeparator + p.Name
	}
	return p.Name
}

// wanted is what an address should be.
func (b *Backup) wanted(p phones.Place, name, have string) string {
	switch {
	case b.role == schema.Master && b.meant(p):
		return b.peer
	case b.role == schema.Slave:
		return ""
	case b.past.settled(schema.Disabled):
		return have
	}
	if original, kept := b.past.originals[name]; kept {
		return shown(original)
	}
	if b.pairs(name, have) {
		return ""
	}
	return have
}

// pairs tells whether an address is the pair's own, not the administrator's.
func (b *Backup) pairs(name, have string) bool {
	return b.given(name, have) || have != "" && (have == b.peer || have == b.past.peer)
}

// shown is an original as an address.
func shown(original string) string {
	var address *string
	if err := json.Unmarshal([]byte(original), &address); err != nil {
		return original
	}
	if address == nil {
		return ""
	}
	return *address
}

// Keep is what is overwritten and is not the pair's own.
func (b *Backup) Keep(c reconcile.Change) map[string]string {
	kept := map[string]string{}
	for _, a := range c.Attributes() {
		original, there := b.raw[a.Name]
		if there && a.Have != nil && !b.pairs(a.Name, a.Have.Reveal()) {
			kept[a.Name] = original
		}
	}
	return kept
}

// Forget names what has been given back.
func (b *Backup) Forget(c reconcile.Change) []string {
	var names []string
	for _, a := range c.Attributes() {
		original, kept := b.past.originals[a.Name]
		if kept && a.Want != nil && shown(original) == a.Want.Reveal() {
			names = append(names, a.Name)
		}
	}
	return names
}

// Asks is for the phones themselves.
func (b *Backup) Asks(reconcile.Change) []string { return b.asks }

// Interruptible: each document is a change of its own.
func (b *Backup) Interruptible() {}
