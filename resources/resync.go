package resources

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/phones"
	"github.com/hotpair/hotpair/resources/provd"
	"github.com/hotpair/hotpair/schema"
)

const (
	resyncPhones = "resync phones"
	// inCallPause and inCallRounds are how long a phone in a call is waited for,
	// by a run that is not one of many.
	inCallPause  = 20 * time.Second
	inCallRounds = 15
	// turn is after how long one of many runs begins no further batch.
	turn = time.Minute
)

// ResyncPath is where a node remembers, below its root, which phones do not
// know their new configuration yet.
const ResyncPath = "/var/lib/hotpair/resync.json"

// resyncList is that memory. A phone is entered before its document changes and
// struck when it was told, so that a crash forgets none.
type resyncList struct{ host *host.Host }

// unsynced are documents whose phones have not been told, and those that did
// not answer when they were.
type unsynced struct {
	Pending []string `json:"pending"`
	Failed  []string `json:"failed,omitempty"`
}

func (l *resyncList) read() (unsynced, error) {
	var u unsynced
	text, err := l.host.Read(ResyncPath)
	if errors.Is(err, fs.ErrNotExist) {
		return u, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &u)
	}
	if err != nil {
		return u, fmt.Errorf("reading %s: %w: remove it if you do not know better; the phones learn of changes at their next restart", ResyncPath, err)
	}
	return u, nil
}

func (l *resyncList) write(u unsynced) error {
	if len(u.Pending)+len(u.Failed) == 0 {
		return l.host.Remove(ResyncPath)
	}
	return l.host.Store(ResyncPath, u, 0o600)
}

func (l *resyncList) add(documents []string) error {
	if l == nil {
		return nil
	}
	u, err := l.read()
	if err != nil {
		return err
	}
	before := len(u.Pending)
	for _, id := range documents {
		if _, found := slices.BinarySearch(u.Pending[:before], id); !found {
			u.Pending = append(u.Pending, id)
		}
	}
	if len(u.Pending) == before {
		return nil
	}
	slices.Sort(u.Pending)
	return l.write(u)
}

// strike takes documents from the list; those of phones that did not answer are
// remembered for the plan.
func (l *resyncList) strike(told, failed []string) error {
	u, err := l.read()
	if err != nil {
		return err
	}
	gone := func(id string) bool { return slices.Contains(told, id) || slices.Contains(failed, id) }
	u.Pending = slices.DeleteFunc(u.Pending, gone)
	u.Failed = append(slices.DeleteFunc(u.Failed, gone), failed...)
	return l.write(u)
}

func phoneFollowUps(cfg *schema.Config, env Env) []reconcile.FollowUp {
	if len(env.Unanswered) > 0 {
		return nil
	}
	r := &resync{list: resyncList{env.Host}, pause: inCallPause, batch: cfg.Provisioning.ResyncBatch, calls: calls{env.Host, cfg.Platform.Telephony}, recurring: env.Recurring, progress: env.Progress}
	r.connect = func() (*provd.Client, error) { return env.clients().provisioning(cfg, env) }
	return []reconcile.FollowUp{{
		Name: resyncPhones, Consent: Resync, Rank: 60, Interruptible: true, Run: r.run, Left: r.left,
		Effect: fmt.Sprintf("phones fetch their configuration, %d at a time; one in a call is waited for", r.batch),
	}}
}

// resync makes phones fetch their configuration, in rolling batches: the next
// begins when the one before has ended.
type resync struct {
	list      resyncList
	batch     int
	pause     time.Duration // between two looks at phones in a call
	recurring bool          // a later run tells those that are in a call now
	calls     calls
	connect   func() (*provd.Client, error)
	progress  func(done, total int)

	failed []string // documents of phones that this run gave up
}

func (r *resync) run(ctx context.Context) error {
	r.failed = nil
	u, err := r.list.read()
	if err != nil || len(u.Pending) == 0 {
		return err
	}
	client, err := r.connect()
	if err != nil {
		return err
	}
	phones, err := r.phones(ctx, client, u.Pending)
	if err != nil {
		return err
	}
	total := len(phones)
	for round := 0; len(phones) > 0 && round <= inCallRounds; round++ {
		if phones, err = r.round(ctx, client, phones, total); err != nil {
			return err
		}
		switch {
		case len(phones) > 0 && r.recurring:
			return reconcile.ErrUnfinished
		case len(phones) > 0 && !rest(ctx, r.pause):
			return ctx.Err()
		}
	}
	return r.struck(nil, documentsOf(phones))
}

// struck takes documents from the list, and remembers those given up.
func (r *resync) struck(told, failed []string) error {
	r.failed = append(r.failed, failed...)
	return r.list.strike(told, failed)
}

// left names the phones that were given up.
func (r *resync) left() string {
	if len(r.failed) == 0 {
		return ""
	}
	return untold(r.failed)
}

// phone is one that is to be told, with the names of its lines.
type phone struct {
	device, document string
	lines            []string
}

func documentsOf(list []phone) []string {
	var ids []string
	for _, p := range list {
		ids = append(ids, p.document)
	}
	return ids
}

// phones finds the devices of documents; a document without one needs nothing.
func (r *resync) phones(ctx context.Context, client *provd.Client, documents []string) ([]phone, error) {
	devices, err := client.Devices(ctx)
	if err != nil {
		return nil, err
	}
	configs, err := client.Configs(ctx, nil)
	if err != nil {
		return nil, err
	}
	lines := map[string][]string{}
	for _, d := range configs {
		lines[phones.ID(d)] = phones.Lines(d)
	}
	var found []phone
	var without []string
	for _, id := range documents {
		i := slices.IndexFunc(devices, func(d provd.Device) bool { return d.Config == id })
		if i < 0 {
			without = append(without, id)
			continue
		}
		found = append(found, phone{device: devices[i].ID, document: id, lines: lines[id]})
	}
	return found, r.list.strike(without, nil)
}

// round tells every phone that is in no call, and gives those that are; one of
// many runs also gives those whose turn does not come.
func (r *resync) round(ctx context.Context, client *provd.Client, list []phone, total int) (busy []phone, err error) {
	began := time.Now()
	for batch := range slices.Chunk(list, max(1, r.batch)) {
		if r.recurring && time.Since(began) > turn {
			busy = append(busy, batch...)
			continue
		}
		talking := r.calls.lines(ctx)
		free := slices.DeleteFunc(slices.Clone(batch), func(p phone) bool { return slices.ContainsFunc(p.lines, func(l string) bool { return talking[l] }) })
		for _, p := range batch {
			if !slices.ContainsFunc(free, func(f phone) bool { return f.device == p.device }) {
				busy = append(busy, p)
			}
		}
		if err := r.tell(ctx, client, free); err != nil {
			return nil, err
		}
		if r.progress != nil {
			u, _ := r.list.read()
			r.progress(total-len(u.Pending), total)
		}
	}
	return busy, nil
}

// tell resynchronises one batch side by side and strikes it from the list.
func (r *resync) tell(ctx context.Context, client *provd.Client, batch []phone) error {
	failures := make([]bool, len(batch))
	err := client.Each(ctx, len(batch), func(ctx context.Context, i int) error {
		err := client.Synchronize(ctx, batch[i].device)
		failures[i] = errors.Is(err, provd.ErrNotSynchronized)
		if failures[i] || errors.Is(err, provd.ErrNotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	var told, failed []string
	for i, p := range batch {
		if failures[i] {
			failed = append(failed, p.document)
		} else {
			told = append(told, p.document)
		}
	}
	return r.struck(told, failed)
}

func rest(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// calls knows which lines are in a call, where Asterisk tells.
type calls struct {
	host      *host.Host
	telephony schema.Telephony
}

// lines asks Asterisk for its channels. A channel's name is TECHNOLOGY/LINE-ID;
// `core show channels concise` gives it before the first !. Where Asterisk does
// not answer nobody is known to be in a call.
func (c calls) lines(ctx context.Context) map[string]bool {
	if c.telephony.Asterisk == "" || c.host.HasCommand(c.telephony.Asterisk) != nil {
		return nil
	}
	out, err := c.host.Output(ctx, c.telephony.Asterisk, "-rx", "core show channels concise")
	if err != nil {
		return nil
	}
	talking := map[string]bool{}
	for line := range strings.Lines(out) {
		channel, _, is := strings.Cut(line, "!")
		_, name, of := strings.Cut(channel, "/")
		if end := strings.LastIndexByte(name, '-'); is && of && end > 0 {
			talking[name[:end]] = true
		}
	}
	return talking
}
