package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/record"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/timeline"
	"github.com/hotpair/hotpair/schema"
)

// telltale is what the command line says of a timeline.
type telltale struct {
	since, until point
	most         wholeNumber
	limited      bool // to the last so many
	how          timeline.How
}

const usualEntries = 50

func (a *app) timeline() *cobra.Command {
	o := telltale{most: usualEntries}
	c := &cobra.Command{
		Use:   "timeline [[NAME=]FILE...]",
		Short: "Tell in one story what happened, from hotpair's record and from logs",
		Long: `timeline lists in order what this node's record and replication history tell, and what
the given logs do: the last ` + fmt.Sprint(usualEntries) + `, or all --since a time.

A FILE is a log of xivo-sysconfd, syslog (XiVO's tag xivocc-ha, kamailio's destinations,
units of the telephony, links), nginx or docker, or the other node's record, copied
from ` + record.Path + `. NAME says whose it is. Its format is found
out, gzip is unpacked, - is standard input. Only lines that tell something of the pair
are listed.

A time without a zone is read as one of this node (TZ names another); one without a year
as of the last year that the file's last change allows.

Formats:
` + formatList(),
		Example: `  hotpair timeline
  hotpair timeline --since 2h standby=/tmp/events.jsonl /var/log/syslog /var/log/xivo-sysconfd.log
  journalctl -o short-iso --since -1d | hotpair timeline --since "2026-03-01 02:00" --until 02:30 -`,
		RunE: func(c *cobra.Command, args []string) error {
			o.limited = c.Flags().Changed("number") || o.since.Time.IsZero()
			if err := o.check(c, args); err != nil {
				return err
			}
			return a.runTimeline(c.Context(), o, args)
		},
	}
	o.flags(c)
	return c
}

func (o *telltale) flags(c *cobra.Command) {
	f := c.Flags()
	f.Var(&o.since, "since", "from `TIME` on: 2h, 3d, 02:30, 2026-03-01, \"2026-03-01 02:30\"")
	f.Var(&o.until, "until", "up to `TIME`, in the same way")
	f.VarP(&o.most, "number", "n", "list the last `N`; 50, or with --since all, unless set")
	f.BoolVar(&o.how.All, "all", false, "list every line that has a time")
	kinds, _ := timeline.Kinds()
	f.StringVar(&o.how.As, "as", "", "`FORMAT` of the files, where it is not found out: "+strings.Join(kinds, ", "))
}

// formatList says what each format is, a line each.
func formatList() string {
	kinds, about := timeline.Kinds()
	var list []string
	for i, kind := range kinds {
		list = append(list, fmt.Sprintf("  %-7s %s", kind, about[i]))
	}
	return strings.Join(list, "\n")
}

func (o *telltale) check(c *cobra.Command, files []string) error {
	kinds, _ := timeline.Kinds()
	standardInput := 0
	for _, file := range files {
		if _, name := whoseFile(file); name == "-" {
			standardInput++
		}
	}
	o.how.Zone, o.how.Span = time.Local, timeline.Span{Since: o.since.Time, Until: o.until.Time}
	switch {
	case o.how.As != "" && !slices.Contains(kinds, o.how.As):
		return usage(c, "--as %q is no format that is known, only %s.%s", o.how.As, strings.Join(kinds, ", "), schema.DidYouMean(o.how.As, kinds))
	case !o.since.IsZero() && !o.until.IsZero() && o.until.Before(o.since.Time):
		return usage(c, "--until is before --since")
	case standardInput > 1:
		return usage(c, "standard input can be read once: name - only once")
	}
	return nil
}

func (a *app) runTimeline(ctx context.Context, o telltale, files []string) error {
	own, err := a.ownStory(o.how)
	if err != nil {
		return err
	}
	t := &story{app: a, most: int(o.most), limited: o.limited}
	sources := []timeline.Source{own}
	for _, arg := range files {
		log, closing, err := a.openLog(arg, o.how)
		if err != nil {
			return err
		}
		defer closing()
		sources, t.logs = append(sources, log), append(t.logs, log)
		node, _ := whoseFile(arg)
		t.nodes = t.nodes || node != ""
	}
	if err := timeline.Merge(ctx, sources, t.add); err != nil {
		return err
	}
	t.end()
	return nil
}

// whose matches the name before a file.
var whose = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)=(.+)$`)

// whoseFile tells whose a file is, unless a file has the whole for its name.
func whoseFile(arg string) (node, file string) {
	m := whose.FindStringSubmatch(arg)
	if _, err := os.Stat(arg); m == nil || err == nil {
		return "", arg
	}
	return m[1], m[2]
}

func (a *app) openLog(arg string, how timeline.How) (*timeline.Log, func(), error) {
	node, name := whoseFile(arg)
	if name == "-" {
		log, err := timeline.Open(timeline.File{Name: "standard input", Node: node, Modified: time.Now(), In: a.in}, how)
		return log, func() {}, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, unopened(name, err)
	}
	closing := func() { f.Close() }
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("it is a directory: name the files in it")
	}
	if err != nil {
		closing()
		return nil, nil, unopened(name, err)
	}
	changed := info.ModTime()
	if now := time.Now(); changed.After(now) || !info.Mode().IsRegular() {
		changed = now
	}
	log, err := timeline.Open(timeline.File{Name: name, Node: node, Modified: changed, In: f}, how)
	if err != nil {
		closing()
	}
	return log, closing, err
}

func unopened(name string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fmt.Errorf("reading %s: %w", name, err)
}

// ownStory is what this node recorded. What was replicated the history tells, so
// that the record's word of it is left out.
func (a *app) ownStory(how timeline.How) (*timeline.List, error) {
	h, err := host.Open(a.root)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	events, err := record.Read(h)
	if err != nil {
		return nil, err
	}
	runs, err := replicate.History(h)
	if err != nil {
		return nil, err
	}
	list := runEntries(runs, how.All)
	for _, e := range events {
		if !slices.Contains([]string{wasReplicated, notReplicated, replicatedByHand}, e.Message) {
			list = append(list, timeline.OfRecord(e))
		}
	}
	slices.SortStableFunc(list, func(a, b timeline.Entry) int { return a.At.Compare(b.At) })
	list = slices.DeleteFunc(list, func(e timeline.Entry) bool { return !how.Span.Has(e.At) })
	return &list, nil
}

// runEntries are the runs that tell something: not those that found nothing to
// copy; of failures that follow each other and say the same the first, with how
// often it came again.
func runEntries(runs []replicate.Entry, all bool) timeline.List {
	var list timeline.List
	last, again := map[string]replicate.Entry{}, map[string]int{}
	at := map[string]int{}
	for _, r := range runs {
		if r.Result == replicate.Unchanged && last[r.What].Error == "" && !all {
			continue
		}
		was := last[r.What]
		last[r.What] = r
		if r.Error != "" && r.Error == was.Error && !all {
			again[r.What]++
			list[at[r.What]].Text = fmt.Sprintf("%s (%s more until %s)", clean(entryLine(was)), count(again[r.What], "time"), clock(r.At))
			continue
		}
		e := timeline.Entry{At: r.At, From: "replication", Text: host.OneLine(entryLine(r))}
		if r.Error != "" {
			e.Level = "WARN"
		}
		at[r.What], again[r.What] = len(list), 0
		list = append(list, e)
	}
	return list
}
