package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/record"
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
			linger()
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
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	defer h.Close()
	own, err := ownStory(h, o.how)
	if err != nil {
		return err
	}
	t := &story{app: a, most: int(o.most), limited: o.limited, clocks: clocksOf(h)}
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
