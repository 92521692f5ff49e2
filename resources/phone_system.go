package resources

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/phones"
	"github.com/hotpair/hotpair/resources/provd"
	"github.com/hotpair/hotpair/schema"
)

// Clients are connections that outlive one look at the node, with their tokens.
type Clients struct {
	// Silence is how long a service may take to begin its answer; 0: as long as
	// its client allows.
	Silence time.Duration

	mu    sync.Mutex
	made  provd.Options
	phone *provd.Client
}

// provisioning gives the client for a configuration, the same one while that
// stands still.
func (c *Clients) provisioning(cfg *schema.Config, env Env) (*provd.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := cfg.Provisioning
	o := provd.Options{URL: p.URL.Reveal(), Token: p.Token.Reveal(), AuthURL: p.Auth.URL.Reveal(), KeyFile: p.Auth.KeyFile, Silence: c.Silence}
	if c.phone != nil && c.made == o {
		return c.phone, nil
	}
	client, err := provd.New(o, env.Host.Read)
	if err != nil {
		return nil, err
	}
	if c.phone != nil {
		c.phone.Close()
	}
	c.made, c.phone = o, client
	return client, nil
}

func (e Env) clients() *Clients {
	if e.Clients == nil {
		return &Clients{}
	}
	return e.Clients
}

// phoneSystem is the provisioning daemon as it was met at one declaration.
type phoneSystem struct {
	client     *provd.Client
	registrars []phones.Document
}

// asked is what several kinds ask at one declaration; it is asked once.
type asked struct {
	phones func() (phoneSystem, error)
}

func (e Env) asking(ctx context.Context, cfg *schema.Config) *asked {
	return &asked{phones: sync.OnceValues(func() (phoneSystem, error) { return e.phoneSystem(ctx, cfg) })}
}

func (e Env) phoneSystem(ctx context.Context, cfg *schema.Config) (phoneSystem, error) {
	client, err := e.clients().provisioning(cfg, e)
	if err != nil {
		return phoneSystem{}, err
	}
	if err := client.Ping(ctx); err != nil {
		return phoneSystem{}, err
	}
	list, err := client.Configs(ctx, map[string]any{"X_type": "registrar"})
	if err != nil {
		return phoneSystem{}, err
	}
	list = slices.DeleteFunc(list, func(d phones.Document) bool { return !phones.IsRegistrar(d) })
	return phoneSystem{client, list}, nil
}

// mains are the servers of the registrars that ha.hcl names; nil: of all.
func (s phoneSystem) mains(cfg *schema.Config) ([]string, error) {
	if len(cfg.Provisioning.Registrars) == 0 {
		return nil, nil
	}
	mains, known := []string{}, []string{}
	for _, d := range s.registrars {
		known = append(known, phones.ID(d))
		if slices.Contains(cfg.Provisioning.Registrars, phones.ID(d)) {
			for _, p := range phones.Places(d) {
				mains = append(mains, p.Main)
			}
		}
	}
	for _, name := range cfg.Provisioning.Registrars {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("%s: provisioning.registrars names %q, which the provisioning daemon does not have; it has %s", cfg.Origin("provisioning.registrars"), name, strings.Join(known, ", "))
		}
	}
	return mains, nil
}

// phonesKept tells whether the provisioning daemon is to be asked. Below a root
// of its own a node is not this machine: the daemon that the platform presets
// would be this machine's.
func phonesKept(cfg *schema.Config, env Env) bool {
	return cfg.Provisioning.Enabled && (env.Host.IsMachine() ||
		usersOwn(cfg, "provisioning.url") && (usersOwn(cfg, "provisioning.token") || usersOwn(cfg, "provisioning.auth.url")))
}

// usersOwn tells whether a setting stands in a file of the user's.
func usersOwn(cfg *schema.Config, path string) bool {
	at := cfg.Origin(path)
	return at != "" && !strings.HasPrefix(at, "platform ")
}

// Unanswered are what a plan could not look at because the provisioning daemon
// did not answer in time.
func Unanswered(p reconcile.Plan) []reconcile.Unseen {
	var list []reconcile.Unseen
	for _, u := range p.Unseen {
		if errors.Is(u.Err, provd.ErrSilent) {
			u.Err = errors.Unwrap(u.Err) // from the name, which the engine puts before it
			list = append(list, u)
		}
	}
	return list
}

// unasked declares in place of everything that the provisioning daemon is asked
// what it did not answer before.
func (e Env) unasked() []reconcile.Declared {
	var all []reconcile.Declared
	for _, u := range e.Unanswered {
		all = append(all, reconcile.Declared{ID: u.ID, Origin: u.Origin, Resource: unseen{u.Err}})
	}
	return all
}

// unseen is declared in place of what could not be listed.
type unseen struct{ err error }

func (u unseen) Want(context.Context) (reconcile.State, error) { return nil, u.err }
func (u unseen) Have(context.Context) (reconcile.State, error) { return nil, u.err }
func (u unseen) Apply(context.Context, reconcile.Change) error { return u.err }

// whyUnseen tells an outage from a standby whose daemon is stopped, as it
// should be.
func whyUnseen(cfg *schema.Config, env Env, err error) error {
	if errors.Is(err, provd.ErrDown) && passive(cfg, env.Host) {
		return fmt.Errorf("the provisioning daemon is stopped, as on every standby; its phones are looked at when the services run: %w", reconcile.ErrLater)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: have wazo-auth make a service key with the right provd.#, or set provisioning { enabled = false }", err)
	}
	return err
}

// PhonesUnkept tells why no phone is looked at on this node; "": they are.
func PhonesUnkept(cfg *schema.Config, env Env) string {
	switch {
	case !cfg.Provisioning.Enabled:
		return "provisioning is off in ha.hcl"
	case !phonesKept(cfg, env):
		return "no provisioning daemon is asked below this root"
	}
	return ""
}
