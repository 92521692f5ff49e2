package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

func (a *app) adopt() *cobra.Command {
	var platform string
	c := &cobra.Command{
		Use:   "adopt",
		Short: "Read a stock or hand-made node and print the ha.hcl that describes it",
		Long:  "adopt looks at ha.conf, the cron files and PostgreSQL's access and prints the ha.hcl\nfor which the plan of this node is empty. It changes nothing. What no ha.hcl can\nexpress is told on standard error.",
		Example: `  install -d /etc/hotpair
  (umask 022; hotpair adopt > /etc/hotpair/ha.hcl)
  hotpair plan                         # No changes.`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if platform != "" && !slices.Contains(schema.Platforms(), platform) {
				return usage(c, "there is no platform %q, only %s", platform, strings.Join(schema.Platforms(), ", "))
			}
			return a.runAdopt(c.Context(), platform)
		},
	}
	c.Flags().StringVar(&platform, "platform", "", "platform of the node, where its programs do not tell: "+strings.Join(schema.Platforms(), ", "))
	return c
}

func (a *app) runAdopt(ctx context.Context, platform string) error {
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	if platform == "" {
		platform = resources.DetectPlatform(h)
	}
	base, err := a.parse(h, fmt.Sprintf("platform = %q\nnode {\n  role = \"disabled\"\n}\n", platform))
	if err != nil {
		return err
	}
	survey, err := resources.SurveyNode(ctx, h, base)
	if err != nil {
		return err
	}
	text := draft(platform, survey)
	p, err := a.rehearse(ctx, h, text)
	var bad *badConfig
	if errors.As(err, &bad) {
		return fmt.Errorf("this node has what ha.hcl cannot say; the file that comes nearest is\n\n%s\nand it is refused: %s", text, bad.diags[0].Detail)
	}
	if err != nil {
		return err
	}
	fmt.Fprint(a.out, text)
	if err := p.Err(); err != nil {
		fmt.Fprintf(a.err, "Not all of this node could be looked at, and the plan will say so too:\n%s\n", clean(err.Error()))
	}
	if len(p.Steps) > 0 {
		t := a.table()
		for _, s := range p.Steps {
			t.step(s, nil)
		}
		fmt.Fprintf(a.err, "No ha.hcl describes all of this node. With the one above, apply would still change:\n\n%s", t)
	}
	return nil
}

// parse reads a text as if it stood in ha.hcl.
func (a *app) parse(h *host.Host, text string) (*schema.Config, error) {
	a.read.Sources = []schema.Source{{Name: "ha.hcl", Text: []byte(text)}}
	cfg, diags := schema.Load(a.read.Sources, a.options(h))
	if diags.HasErrors() {
		return nil, &badConfig{diags}
	}
	return cfg, nil
}

// rehearse plans the node with a draft, as the next command of the user would.
func (a *app) rehearse(ctx context.Context, h *host.Host, text string) (reconcile.Plan, error) {
	cfg, err := a.parse(h, text)
	if err != nil {
		return reconcile.Plan{}, err
	}
	n, err := a.nodeOf(h, cfg)
	if err != nil {
		return reconcile.Plan{}, err
	}
	return n.planned(ctx)
}

// draft writes a survey as ha.hcl.
func draft(platform string, s resources.Survey) string {
	var b strings.Builder
	fmt.Fprintf(&b, "platform = %q\n\nnode {\n  role = %q\n}\n", platform, s.Role)
	if s.Peer.IsValid() {
		fmt.Fprintf(&b, "\npeer {\n  address = %q\n}\n", s.Peer)
	}
	b.WriteString(draftBlock("sip_expiry", [][2]string{{"min", lasting(s.Expiry[0])}, {"max", lasting(s.Expiry[1])}, {"default", lasting(s.Expiry[2])}}))
	b.WriteString(draftBlock("replication", [][2]string{
		{"runner", quotedText(s.Runner)}, {"schedule", quotedText(s.Schedule)}, {"files_schedule", quotedText(s.FilesSchedule)},
		{"database", no(s.WithoutDatabase)}, {"files", no(s.WithoutFiles)},
	}))
	b.WriteString(draftBlock("failover", [][2]string{{"check_schedule", quotedText(s.CheckSchedule)}}))
	return string(aligned(b.String()))
}

// quotedText is a text as HCL; nothing for none. What a survey reads holds
// nothing that HCL would take for a template.
func quotedText(text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf("%q", text)
}

// lasting is a duration as HCL; nothing for none.
func lasting(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("\"%ds\"", int(d.Seconds()))
}

func no(without bool) string {
	if without {
		return "false"
	}
	return ""
}

// draftBlock writes a block of the attributes that are set.
func draftBlock(name string, attributes [][2]string) string {
	var b strings.Builder
	for _, attr := range attributes {
		if attr[1] != "" {
			fmt.Fprintf(&b, "  %s = %s\n", attr[0], attr[1])
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n" + name + " {\n" + b.String() + "}\n"
}

// aligned aligns a draft; what does not parse is left for parse to report.
func aligned(text string) []byte {
	formatted, diags := schema.Format(schema.Source{Name: "ha.hcl", Text: []byte(text)})
	if diags.HasErrors() {
		return []byte(text)
	}
	return formatted
}
