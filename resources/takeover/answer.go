package takeover

import (
	"bufio"
	"encoding/json"
	"io"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/host"
)

// Answer is the far end of the reports: it keeps each that it reads where this
// node's daemon finds it, and answers how this node stands. What it reads is
// hostile: nothing but a report gets further.
func Answer(h *host.Host, alive func() bool, in io.Reader, out io.Writer) error {
	lines := bufio.NewReaderSize(in, longestLine)
	for {
		line, err := lines.ReadSlice('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return errNoReport
		}
		m, err := parse(line)
		if err != nil {
			return err
		}
		if m.Asks != failover.Nothing {
			return errNoReport // a master asks nothing
		}
		m.At = time.Now().UTC()
		if err := h.Store(reportPath, m, 0o600); err != nil {
			return err
		}
		if err := reply(h, alive(), out); err != nil {
			return err
		}
	}
}

// reply tells how this node stands; nothing where no daemon decides.
func reply(h *host.Host, alive bool, out io.Writer) error {
	var m message
	if s, told := Stands(h); told && alive {
		m = message{Decides: true, Report: failover.Report{Serving: s.Serving, Asks: s.Asks, Paused: s.Paused}}
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = out.Write(append(text, '\n'))
	return err
}

// clockAge is how old a report may be by which clocks are compared.
const clockAge = 10 * time.Minute

// Ahead is how far the master's clock was ahead of this standby's when the last
// report came, to what the network takes; false: none came lately that tells.
func Ahead(h *host.Host) (time.Duration, bool) {
	m := reported(h)
	if m == nil || m.Now.IsZero() || time.Since(m.At).Abs() > clockAge {
		return 0, false
	}
	return m.Now.Sub(m.At), true
}

// reported is the last report of this standby's master; nil: none came.
func reported(h *host.Host) *message {
	var m message
	if !get(h, reportPath, &m) || !m.sound() {
		return nil
	}
	return &m
}
