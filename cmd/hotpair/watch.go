package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/reconcile/loop"
	"github.com/hotpair/hotpair/resources/hints"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/status"
)

// The times of the loop. A burst of changes is over when nothing moved for as
// long as quiet.
const (
	quiet    = 200 * time.Millisecond
	longest  = 2 * time.Second
	interval = 30 * time.Second // until ha.hcl says another one
	silence  = 5 * time.Second  // in which the provisioning daemon must begin its answer
	hung     = 10 * time.Minute // without a sign of progress; then systemd may end the daemon
)

func (a *app) watch() *cobra.Command {
	var sandboxed bool
	c := &cobra.Command{
		Use:   "watch",
		Short: "Keep this node as ha.hcl says; the daemon",
		Long: "watch looks at the node when ha.hcl or a file that hotpair keeps has changed, and every\nwatch.interval, and puts in order what differs. A change of role that would end calls,\nor start a second node, waits for `hotpair apply`; `hotpair status` tells what waits.\n" +
			"An ha.hcl that is invalid, empty or gone leaves the last good one in force.\nSIGHUP has it look at once; SIGTERM ends it after the step it is in, or between two phones.",
		Example: "  hotpair watch\n  hotpair watch --log-level debug --log-format json",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a.quiet = true
			if !c.Flags().Changed("log-level") {
				a.logLevel = "info"
			}
			if err := a.setUp(); err != nil {
				return err
			}
			return a.runWatch(c.Context(), sandboxed)
		},
	}
	c.Flags().BoolVar(&sandboxed, "sandboxed", false, "this daemon's unit has a sandbox: run the node's own commands outside of it, by systemd-run")
	return c
}

func (a *app) runWatch(ctx context.Context, sandboxed bool) error {
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	h.Sandboxed = sandboxed
	linger()
	runtime.GOMAXPROCS(1) // it waits nearly always: what another thread could take over only wakes that one
	life, err := h.Lock(ctx, status.WatchLock, disk.Holder{PID: os.Getpid(), Command: "hotpair watch", Since: time.Now()}, 0)
	var busy *disk.Busy
	if errors.As(err, &busy) {
		return &exit{code: exitLocked, cause: busy}
	}
	if err != nil {
		return err
	}
	defer life.Release()
	defer a.recorded(h)()
	files, err := hints.New(disk.TempSuffix)
	if err != nil {
		a.log.Warn("no file can be watched: the node is looked at every interval alone", "error", err)
	}
	defer files.Close()
	go files.Run(ctx)
	w := newWatching(a, h, files)
	defer w.leave()
	hang := make(chan os.Signal, 1)
	signal.Notify(hang, syscall.SIGHUP)
	defer signal.Stop(hang)
	go w.beat(ctx)
	w.alerts.begin(ctx)
	go relay(ctx, hang, files.Prod)
	l := loop.Loop{Interval: interval, Quiet: quiet, Longest: longest, Hints: files.Hints(), Pass: w.pass, Random: rand.Float64}
	l.Run(ctx)
	return nil
}

// relay has a signal taken for a hint.
func relay(ctx context.Context, from <-chan os.Signal, prod func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-from:
			prod()
		}
	}
}

// beat tells systemd that the daemon lives (sd_watchdog_enabled(3)), as long as
// no pass hangs.
func (w *watching) beat(ctx context.Context) {
	every, err := daemon.SdWatchdogEnabled(false)
	if err != nil || every == 0 {
		return
	}
	ticker := time.NewTicker(every / 2)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if last := w.alive.Load(); last == 0 || time.Since(time.Unix(last, 0)) < hung {
				notify(daemon.SdNotifyWatchdog)
			}
		}
	}
}

// notify tells systemd, where it started the daemon (sd_notify(3)).
func notify(state string) {
	_, _ = daemon.SdNotify(false, state) // nobody can be told that nobody listens
}
