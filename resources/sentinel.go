package resources

import (
	"context"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

var (
	_ reconcile.Resource    = (*Sentinel)(nil)
	_ reconcile.Preflighter = (*Sentinel)(nil)
	_ reconcile.Asker       = (*Sentinel)(nil)
	_ reconcile.Filer       = (*Sentinel)(nil)
)

// Sentinel is the empty file whose existence tells the platform's scripts which
// node this is. A master or a slave has exactly one, a disabled node none.
type Sentinel struct {
	host   *host.Host
	all    []string // that may exist
	wanted string   // empty: none
	asks   []string // when the node becomes what it should be
}

var sentinelID = reconcile.ID{Kind: "sentinel"}

func declareSentinel(_ context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	p := cfg.Platform.State
	s := &Sentinel{host: env.Host, all: []string{p.Primary, p.Secondary}}
	switch cfg.Node.Role {
	case schema.Master:
		s.wanted = p.Primary
		if cfg.Platform.Telephony.Service != "" && !passive(cfg, env.Host) && !env.was(sentinelID, p.Primary) {
			s.asks = []string{restartTelephony}
		}
	case schema.Slave:
		s.wanted = p.Secondary
	}
	return one(sentinelID.Kind, cfg.Origin("node.role"), s), nil
}

// Want is the one file of the role.
func (s *Sentinel) Want(context.Context) (reconcile.State, error) {
	return sentinelState(s.wanted), nil
}

// Have is the files that exist, whatever is in them.
func (s *Sentinel) Have(context.Context) (reconcile.State, error) {
	var there []string
	for _, file := range s.all {
		exists, err := s.host.Exists(file)
		if err != nil {
			return nil, err
		}
		if exists {
			there = append(there, file)
		}
	}
	return sentinelState(there...), nil
}

// was tells whether a sentinel was last settled upon, or found in a node that is
// met now.
func (e Env) was(id reconcile.ID, file string) bool {
	past := e.past(id)
	return past.last["file"].Reveal() == file || past.found(schema.Master)
}

func sentinelState(files ...string) reconcile.State {
	text := strings.Join(files, " and ")
	if text == "" {
		return nil
	}
	return reconcile.State{"file": reconcile.Text(text)}
}

// Asks is for the services of a fresh master: upstream's documentation has them
// restarted after it was configured. Those that are only about to start need no
// restart, and a sentinel that somebody removed is no reason to end calls.
func (s *Sentinel) Asks(reconcile.Change) []string { return s.asks }

func (s *Sentinel) Files() []string { return s.all }

// Preflight tells why a file could not be made or removed.
func (s *Sentinel) Preflight(context.Context, reconcile.Change) error {
	for _, file := range s.all {
		if err := writable(s.host, file); err != nil {
			return err
		}
	}
	return nil
}

// Apply removes the other file first, so that two never stand together.
func (s *Sentinel) Apply(context.Context, reconcile.Change) error {
	for _, file := range s.all {
		if file == s.wanted {
			continue
		}
		if err := s.host.Remove(file); err != nil {
			return err
		}
	}
	if s.wanted == "" {
		return nil
	}
	if there, err := s.host.Exists(s.wanted); err != nil || there {
		return err
	}
	return s.host.Write(s.wanted, nil, 0o644)
}
