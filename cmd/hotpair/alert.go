package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/alert"
	"github.com/hotpair/hotpair/resources/alert/deliver"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/schema"
)

func (a *app) alert() *cobra.Command {
	c := &cobra.Command{
		Use:   "alert",
		Short: "Try who is told when the pair is not well, and list what they know",
		Long:  "alert is about those that the blocks alert of ha.hcl name. `hotpair watch` tells them when\nthe pair is not well, reminds them, and tells them when that is over.",
		Example: `  hotpair alert test
  hotpair alert list`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.alertTest(), a.alertList())
	return c
}

func (a *app) alertTest() *cobra.Command {
	return &cobra.Command{
		Use:   "test [NAME]",
		Short: "Send a test message to everybody, or to the alert NAME, and tell how that went",
		Long:  "test sends a message that says it is a test, right now and once. It exits 1 where one could\nnot be handed over. What the receiver's own mail server or program does next it cannot see.",
		Example: `  hotpair alert test
  hotpair alert test ops`,
		Args: atMostOne("alert"),
		RunE: func(c *cobra.Command, args []string) error { return a.runAlertTest(c.Context(), args) },
	}
}

func (a *app) alertList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List who is told, how, and what they know to last",
		Example: "  hotpair alert list\n  hotpair alert list --json",
		Args:    noArgs,
		RunE:    func(*cobra.Command, []string) error { return a.runAlertList() },
	}
}

// receivers are those of the configuration, or the one of that name.
func (a *app) receivers(h *host.Host, names []string) (*schema.Config, []deliver.Receiver, error) {
	a.quiet = true
	cfg, err := a.load(h)
	if err != nil {
		return nil, nil, err
	}
	all := resources.Receivers(cfg, h)
	if len(all) == 0 {
		return nil, nil, fmt.Errorf("nobody is told: ha.hcl has no block alert, and the node no %s that could mail root", deliver.Mailer)
	}
	if len(names) == 0 {
		return cfg, all, nil
	}
	var known []string
	for _, r := range all {
		if r.Name == names[0] {
			return cfg, []deliver.Receiver{r}, nil
		}
		known = append(known, r.Name)
	}
	return nil, nil, fmt.Errorf("there is no alert %q, only %s.%s", names[0], strings.Join(known, ", "), schema.DidYouMean(names[0], known))
}

func (a *app) runAlertTest(ctx context.Context, names []string) error {
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	defer h.Close()
	cfg, list, err := a.receivers(h, names)
	if err != nil {
		return err
	}
	n := node{cfg: cfg}
	message := alert.Node{Name: hostname(), Role: cfg.Node.Written, Peer: n.peer()}.Test(time.Now())
	failures := make([]error, len(list))
	var group sync.WaitGroup
	for i, r := range list {
		group.Go(func() {
			limit, cancel := context.WithTimeout(ctx, r.Timeout)
			defer cancel()
			failures[i] = r.Way.Send(limit, message)
		})
	}
	group.Wait()
	for i, r := range list {
		a.showTest(r, failures[i])
	}
	if errors.Join(failures...) != nil {
		return &exit{code: exitError, changed: true}
	}
	return nil
}

// showTest tells how a test went.
func (a *app) showTest(r deliver.Receiver, err error) {
	said, level := "handed over", "info"
	fields := map[string]any{"name": r.Name, "way": r.Way.String()}
	if err != nil {
		said, level = "FAILED: "+host.OneLine(err.Error()), "error"
		fields["error"] = host.OneLine(err.Error())
	}
	text := fmt.Sprintf("%-10s %s: %s", r.Name, r.Way, said)
	if a.json {
		a.emit(level, text, "alert_test", map[string]any{"alert": fields})
		return
	}
	fmt.Fprintln(a.out, clean(text))
}

func (a *app) runAlertList() error {
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	defer h.Close()
	_, list, err := a.receivers(h, nil)
	if err != nil {
		return err
	}
	known, err := alert.Standings(h)
	if err != nil {
		return err
	}
	for _, r := range list {
		s := status.Receiver{Name: r.Name, Way: r.Way.String(), Told: []string{}}
		for _, k := range known {
			if k.Name == r.Name && k.Way == s.Way {
				s = k
			}
		}
		a.showReceiver(s)
	}
	return nil
}

func (a *app) showReceiver(s status.Receiver) {
	said := "knows of nothing"
	if len(s.Told) > 0 {
		said = "knows of " + strings.Join(s.Told, ", ")
	}
	if s.Failure != "" {
		said += "; " + notTold(s)
	}
	text := fmt.Sprintf("%-10s %s: %s", s.Name, s.Way, said)
	if a.json {
		a.emit("info", text, "alert", map[string]any{"alert": s})
		return
	}
	fmt.Fprintln(a.out, clean(text))
}

// notTold says why a receiver could not be told.
func notTold(s status.Receiver) string {
	return fmt.Sprintf("cannot be told since %s: %s", clock(s.Failing), s.Failure)
}
