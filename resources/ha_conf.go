package resources

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

var (
	_ reconcile.Resource    = (*HAConf)(nil)
	_ reconcile.Preflighter = (*HAConf)(nil)
	_ reconcile.Rememberer  = (*HAConf)(nil)
	_ reconcile.Filer       = (*HAConf)(nil)
)

// HAConf is the file in which the platform's own programs read the role. It
// says what has been achieved, so it is written last.
type HAConf struct {
	host *host.Host
	path string
	role schema.Role
	peer string // empty when disabled
}

var haConfID = reconcile.ID{Kind: "ha_conf"}

func declareHAConf(_ context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	c := &HAConf{host: env.Host, path: cfg.Platform.State.HAConf, role: cfg.Node.Role}
	if c.role != schema.Disabled {
		c.peer = cfg.Peer.Address.String()
	}
	declared := one(haConfID.Kind, cfg.Origin("node.role"), c)
	declared[0].Record = true
	return declared, nil
}

// The keys of the file are the attributes of the state.
const (
	nodeType      = "node_type"
	remoteAddress = "remote_address"
)

// Want is the role and the peer. A node without the file is disabled already.
func (c *HAConf) Want(context.Context) (reconcile.State, error) {
	if c.role == schema.Disabled {
		if there, err := c.host.Exists(c.path); err != nil || !there {
			return nil, err
		}
	}
	return reconcile.State{nodeType: reconcile.Text(string(c.role)), remoteAddress: reconcile.Text(c.peer)}, nil
}

// Have is what the file says; keys that hotpair does not know are left alone.
func (c *HAConf) Have(context.Context) (reconcile.State, error) {
	text, err := c.host.Read(c.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	conf, err := parseHAConf(text)
	if err != nil {
		return reconcile.State{"content": reconcile.Text("not understood")}, nil
	}
	s := reconcile.State{}
	for _, key := range []string{nodeType, remoteAddress} {
		if value, is := conf[key]; is {
			s[key] = reconcile.Text(unquoteJSON(value))
		}
	}
	return s, nil
}

// Original is the file as it was found.
func (c *HAConf) Original() (map[string]string, error) {
	text, err := c.host.Read(c.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return map[string]string{c.path: string(text)}, err
}

func (c *HAConf) Files() []string { return []string{c.path} }

// Preflight tells why the file could not be replaced.
func (c *HAConf) Preflight(context.Context, reconcile.Change) error { return writable(c.host, c.path) }

// Apply replaces the file as the stock tools would have written it.
func (c *HAConf) Apply(_ context.Context, change reconcile.Change) error {
	if change.Want.Absent() {
		return c.host.Remove(c.path)
	}
	old, err := c.host.Read(c.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return c.host.Exchange(c.path, old, c.content(old), 0o644)
}

// content is the stock text; keys that hotpair does not know follow it.
func (c *HAConf) content(old []byte) []byte {
	fields := []string{
		fmt.Sprintf("%q: %q", nodeType, c.role),
		fmt.Sprintf("%q: %q", remoteAddress, c.peer),
	}
	others, err := parseHAConf(old)
	if err == nil {
		for _, key := range slices.Sorted(maps.Keys(others)) {
			if key != nodeType && key != remoteAddress {
				fields = append(fields, fmt.Sprintf("%s: %s", quoteJSON(key), others[key]))
			}
		}
	}
	return []byte("{" + strings.Join(fields, ", ") + "}")
}

func parseHAConf(text []byte) (map[string]json.RawMessage, error) {
	var conf map[string]json.RawMessage
	err := json.Unmarshal(text, &conf)
	return conf, err
}

// quoteJSON writes a text as JSON; every text can be.
func quoteJSON(text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		return []byte(`""`)
	}
	return quoted
}

// unquoteJSON gives a JSON string's text, and other JSON as it is written.
func unquoteJSON(value json.RawMessage) string {
	var s string
	if json.Unmarshal(value, &s) != nil {
		return string(value)
	}
	return s
}

// LastRole is the role that a node was last brought into; empty: none was.
func LastRole(l *reconcile.Ledger) schema.Role {
	return schema.Role(l.Last(haConfID)[nodeType].Reveal())
}

// Recorded reads the role and the peer that a node's ha.conf records. A node
// without the file, or with one that says nothing sensible, is disabled.
func Recorded(h *host.Host, p schema.Platform) (Found, error) {
	disabled := Found{Role: schema.Disabled}
	text, err := h.Read(p.State.HAConf)
	if errors.Is(err, fs.ErrNotExist) {
		return disabled, nil
	}
	if err != nil {
		return disabled, err
	}
	conf, err := parseHAConf(text)
	if err != nil {
		return disabled, nil
	}
	role := schema.Role(unquoteJSON(conf[nodeType]))
	if role != schema.Master && role != schema.Slave {
		return disabled, nil
	}
	peer, err := netip.ParseAddr(unquoteJSON(conf[remoteAddress]))
	if err != nil {
		return Found{Role: role}, nil
	}
	return Found{Role: role, Peer: peer}, nil
}
