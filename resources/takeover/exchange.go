package takeover

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/host"
)

const (
	reportEvery = 2 * time.Second
	reconnect   = 5 * time.Second
	answerIn    = 10 * time.Second
	longestLine = 64 << 10
)

// message is what one node's hotpair tells the other's, as JSON on one line.
type message struct {
	failover.Report
	Decides    bool      `json:"decides"`             // its daemon runs
	Replicated time.Time `json:"replicated,omitzero"` // to the standby, well
}

// exchange keeps reports going from this master to its standby, and keeps the
// last answer.
type exchange struct {
	options Options

	mu    sync.Mutex
	tells message
	heard *message
}

// say sets what is told from now on.
func (e *exchange) say(m message) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.tells = m
}

// last is what the peer said last; nil: nothing yet.
func (e *exchange) last() *message {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.heard
}

// run connects, and connects again, until the context ends.
func (e *exchange) run(ctx context.Context) {
	told := ""
	for ctx.Err() == nil {
		err := e.once(ctx)
		if ctx.Err() != nil {
			return
		}
		if text := err.Error(); text != told {
			told = text
			e.options.Log.Info("the standby's hotpair does not hear this master", "error", err) // the replication warns of it
		}
		pause(ctx, reconnect)
	}
}

func (e *exchange) once(ctx context.Context) error {
	conn, err := e.options.Open(ctx)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer func() {
		if stop() {
			conn.Close()
		}
	}()
	lines := bufio.NewReaderSize(conn, longestLine)
	for {
		if err := e.turn(conn, lines); err != nil {
			return err
		}
		if !pause(ctx, reportEvery) {
			return ctx.Err()
		}
	}
}

// turn tells once, and hears once.
func (e *exchange) turn(conn io.ReadWriteCloser, lines *bufio.Reader) error {
	e.mu.Lock()
	text, err := json.Marshal(e.tells)
	e.mu.Unlock()
	if err != nil {
		return err
	}
	late := time.AfterFunc(answerIn, func() { conn.Close() })
	defer late.Stop()
	if _, err := conn.Write(append(text, '\n')); err != nil {
		return err
	}
	line, err := lines.ReadSlice('\n')
	if err != nil {
		return err
	}
	m, err := parse(line)
	if err != nil {
		return err
	}
	m.At = time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.heard = nil; m.Decides {
		e.heard = &m
	}
	return nil
}

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
		if err := put(h, reportPath, m, 0o600); err != nil {
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

// parse reads a message, and refuses what no hotpair says.
func parse(line []byte) (m message, err error) {
	if json.Unmarshal(line, &m) != nil || !m.sound() {
		return message{}, errNoReport
	}
	return m, nil
}

func (m message) sound() bool {
	answers := []failover.Answer{failover.Unknown, failover.Alive, failover.Busy, failover.Silent}
	asks := []failover.Ask{failover.Nothing, failover.StandDown, failover.HandOver, failover.Return}
	return slices.Contains(answers, m.SIP) && slices.Contains(asks, m.Asks)
}

// reported is the last report of this standby's master; nil: none came.
func reported(h *host.Host) *message {
	var m message
	if !get(h, reportPath, &m) || !m.sound() {
		return nil
	}
	return &m
}
