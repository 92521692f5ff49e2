package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// phonesUnseen tells why nothing of the phones was seen in a plan; nil: it was.
func phonesUnseen(p reconcile.Plan) error {
	for _, u := range p.Unseen {
		if slices.Contains(phoneKinds(), u.ID.Kind) {
			return u.Err
		}
	}
	return nil
}

func provisioning(ctx context.Context, l *look) verdict {
	if why := resources.PhonesUnkept(l.Config, l.Node); why != "" {
		return skipped("%s", why)
	}
	p, err := l.whole.get(ctx, l.run)
	if err != nil {
		return unknown(err)
	}
	err = phonesUnseen(p)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return toMend("have wazo-auth make a service key with the right provd.#, in the file that is named", "%s", err)
	case err != nil:
		return toMend("see that it runs and that the key has the right provd.#: `systemctl status wazo-provd wazo-auth`", "%s", err)
	}
	return well("it answers")
}

// phonesBackup looks at every phone's document, at what was not told yet, and at
// those whose maker knows no backup server.
func phonesBackup(ctx context.Context, l *look) verdict {
	if why := resources.PhonesUnkept(l.Config, l.Node); why != "" {
		return skipped("%s", why)
	}
	p, err := l.whole.get(ctx, l.run)
	if err == nil {
		err = phonesUnseen(p)
	}
	if err != nil {
		return unknown(err)
	}
	for _, s := range p.Steps {
		if slices.Contains(phoneKinds(), s.ID.Kind) {
			return toMend("read `hotpair plan`, then `hotpair apply`", "%s: %s", s.ID, strings.Join(s.Summary, "; "))
		}
	}
	for _, a := range p.Actions {
		if a.Consent == resources.Resync && a.Owed {
			return toMend("`hotpair apply --allow resync`", "phones have not been told of their backup yet")
		}
	}
	return l.ableToChange(ctx, p)
}

func (l *look) ableToChange(ctx context.Context, p reconcile.Plan) verdict {
	o := resources.OutageOf(ctx, l.Config, l.Node, p.Unseen)
	if len(o.Without) > 0 {
		return toMend("give them other phones or, where you know better, write a profile with their vendors, their models and backup = true into ha.hcl: see `hotpair profiles`",
			"no backup server is possible for %s: %s", plural(len(o.Without), "phone"), strings.Join(o.Without, ", "))
	}
	for _, note := range p.Notes {
		if note.Code == "not_resynced" {
			return toMend("restart them", "%s", note.Text)
		}
	}
	return well("every phone has the peer as backup, and was told")
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func provdPlugins(_ context.Context, l *look) verdict {
	dir := l.Config.Platform.State.Plugins
	if dir == "" {
		return skipped("this platform has no provisioning plugins")
	}
	h := l.Node.Host
	names, err := h.List(dir)
	if err != nil {
		return unknown(err)
	}
	var installed []string
	command := "rm -r"
	for _, name := range names {
		if info, err := os.Stat(h.Host(path.Join(dir, name))); err == nil && info.IsDir() {
			installed = append(installed, name)
			command += " " + host.Quoted(h.Host(path.Join(dir, name)))
		}
	}
	return either(named("installed here: ", installed), "`"+command+"`, while the provisioning daemon is stopped", "none is installed")
}

// named is a list behind a word, if there is any.
func named(word string, list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return []string{word + strings.Join(list, ", ")}
}

// xivoClient can only tell: what users entered is on their machines.
func xivoClient(_ context.Context, l *look) verdict {
	if !strings.HasPrefix(l.Config.Platform.Title, "XiVO") {
		return skipped("the XiVO Client belongs to XiVO")
	}
	own, peer := "this node's address", l.Config.Peer.Address.String()
	main, backup := own, peer
	if l.Config.Node.Role == schema.Slave {
		main, backup = peer, own
	}
	return well("not seen from here: users enter %s as main server and %s as backup; a login takes 3 s longer while the main server is down", main, backup)
}
