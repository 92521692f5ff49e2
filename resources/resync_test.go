package resources

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	box "github.com/hotpair/hotpair/cmd/pairbox/provd"
	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/provd"
)

func TestPhonesAreToldInBatchesAndThoseInACallLast(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 7})
	n.more = "  resync_batch = 2\n"
	id := somePhone(n)
	n.server.Unplug(id)
	_, o := n.applied("master")
	if len(o.Waiting) == 0 || n.server.Count("POST", "/0.2/dev_mgr/synchronize") != 0 {
		t.Fatalf("waiting: %v", o.Waiting)
	}
	n.server.Forget()
	n.applied("master", Resync)
	if got := n.server.Count("POST", "/0.2/dev_mgr/synchronize"); got != 7 || n.server.Operations() != 0 {
		t.Errorf("%d phones were told, %d operations are left", got, n.server.Operations())
	}
	p := n.apply("master")
	if len(p.Actions) != 1 || p.Actions[0].Name == resyncPhones || !slices.ContainsFunc(p.Notes, func(note reconcile.Note) bool { return strings.Contains(note.Text, id) }) {
		t.Errorf("actions %v, notes %v", p.Actions, p.Notes)
	}
}

func TestAPhoneInACallIsToldAfterIt(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 3})
	n.apply("master")
	n.server.Forget()
	put(t, n.dir, "var/lib/stub/asterisk", `if [ ! -e var/lib/stub/over ]; then printf 'PJSIP/line00001-0000002a!default!1001\n'; fi`+"\n")
	cfg := n.config("master")
	r := &resync{list: resyncList{n.host}, batch: 1, pause: time.Millisecond, calls: calls{n.host, cfg.Platform.Telephony}}
	r.connect = func() (*provd.Client, error) { return (&Clients{}).provisioning(cfg, Env{Host: n.host}) }
	told := func() int { return n.server.Count("POST", "/0.2/dev_mgr/synchronize") }
	r.progress = func(done, _ int) {
		if done == 2 && told() == 2 {
			put(t, n.dir, "var/lib/stub/over", "")
		}
	}
	if err := r.run(t.Context()); err != nil || told() != 3 {
		t.Errorf("%d phones were told, %v", told(), err)
	}
	if u, err := r.list.read(); err != nil || len(u.Pending)+len(u.Failed) != 0 {
		t.Errorf("left: %+v, %v", u, err)
	}
}

func TestAPhoneThatTalksOnIsNotDisturbed(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 2})
	n.apply("master")
	n.server.Forget()
	put(t, n.dir, "var/lib/stub/asterisk", "printf 'PJSIP/line00001-0000002a!default!1001\n'\n")
	cfg := n.config("master")
	r := &resync{list: resyncList{n.host}, batch: 5, calls: calls{n.host, cfg.Platform.Telephony}}
	r.connect = func() (*provd.Client, error) { return (&Clients{}).provisioning(cfg, Env{Host: n.host}) }
	if err := r.run(t.Context()); err != nil || n.server.Count("POST", "/0.2/dev_mgr/synchronize") != 1 {
		t.Errorf("%d phones were told, %v", n.server.Count("POST", "/0.2/dev_mgr/synchronize"), err)
	}
	if u, err := r.list.read(); err != nil || len(u.Failed) != 1 {
		t.Errorf("left: %+v, %v", u, err)
	}
}

func TestAsteriskTellsWhoIsInACall(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	put(t, dir, "var/lib/stub/asterisk", `printf 'PJSIP/line-00001-0000002a!default!1001!1!Up!Dial\nSIP/abc-01!x\nLocal/x\n'`+"\n")
	got := calls{h, config(t, "master", "10.0.0.2").Platform.Telephony}.lines(t.Context())
	if diff := cmp.Diff(map[string]bool{"line-00001": true, "abc": true}, got); diff != "" {
		t.Error(diff)
	}
}
