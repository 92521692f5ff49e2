package resources

import (
	"context"
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/phones"
	"github.com/hotpair/hotpair/resources/words"
	"github.com/hotpair/hotpair/schema"
)

var _ reconcile.Noter = (*Backup)(nil)

// Notes tells which phones have not been told, and which have a backup although
// the node is in no pair.
func (b *Backup) Notes(ctx context.Context) ([]reconcile.Note, error) {
	if b.id != deviceID {
		return nil, nil
	}
	u, err := b.pending.read()
	if err != nil {
		return nil, err
	}
	var notes []reconcile.Note
	if len(u.Failed) > 0 {
		notes = append(notes, reconcile.Note{Code: "not_resynced", Text: untold(u.Failed)})
	}
	if b.role != schema.Disabled {
		return notes, nil
	}
	docs, err := b.read(ctx)
	if err != nil {
		return nil, err
	}
	if foreign := b.foreign(docs); len(foreign) > 0 {
		notes = append(notes, reconcile.Note{Code: "foreign_backup", Text: fmt.Sprintf("%s a backup server that hotpair did not give: %s.", has(len(foreign), "phone"), some(foreign))})
	}
	return notes, nil
}

// untold names phones that do not know their new configuration.
func untold(documents []string) string {
	return fmt.Sprintf("%s could not be told of a new configuration, for want of an answer or because a call went on: %s. They learn of it when they restart.", words.Count(len(documents), "phone"), some(documents))
}

// foreign lists the documents with a backup address that stays.
func (b *Backup) foreign(docs []phones.Document) []string {
	var ids []string
	for _, d := range docs {
		for _, p := range phones.Places(d) {
			have := p.Get(d)
			if have != "" && b.wanted(p, b.attribute(d, p), have) == have {
				ids = append(ids, phones.ID(d))
				break
			}
		}
	}
	return ids
}

func has(n int, thing string) string {
	if n == 1 {
		return "1 " + thing + " has"
	}
	return fmt.Sprintf("%d %ss have", n, thing)
}

// some names the first few of a list.
func some(list []string) string {
	const most = 5
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}

// Summary counts documents by what happens to their addresses.
func (b *Backup) Summary(c reconcile.Change) []string {
	documents, what := map[string]map[string]bool{}, []string{}
	for _, a := range c.Attributes() {
		if a.Have == nil || a.Want == nil {
			continue
		}
		text := fmt.Sprintf("%q → %q", a.Have.Reveal(), a.Want.Reveal())
		if documents[text] == nil {
			documents[text] = map[string]bool{}
			what = append(what, text)
		}
		documents[text][b.Part(a.Name)] = true
	}
	for i, text := range what {
		label := "backup address"
		if b.id == deviceID {
			label = words.Count(len(documents[text]), "phone")
		}
		what[i] = label + ": " + text
	}
	return what
}
