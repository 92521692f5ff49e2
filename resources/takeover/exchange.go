package takeover

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"sync"
	"time"
)

const (
	reportEvery = 2 * time.Second
	reconnect   = 5 * time.Second
	reopen      = 500 * time.Millisecond // after one that worked: a standby that is not told for long takes this master for silent
	answerIn    = 10 * time.Second
	longestLine = 64 << 10
)

// exchange keeps reports going from this master to its standby, and keeps the
// last answer. What the standby decides by is told at once where it changes: until
// then the standby takes a dead telephony for one that its own way to it fails.
type exchange struct {
	options Options
	news    chan struct{} // something is to be told at once

	mu    sync.Mutex
	tells message
	heard *message
}

func newExchange(o Options) *exchange { return &exchange{options: o, news: make(chan struct{}, 1)} }

// say sets what is told from now on.
func (e *exchange) say(m message) {
	e.mu.Lock()
	defer e.mu.Unlock()
	was := e.tells.Report
	if e.tells = m; m.SIP == was.SIP && m.Serving == was.Serving && m.StoodDown == was.StoodDown {
		return
	}
	select {
	case e.news <- struct{}{}:
	default:
	}
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
		worked, err := e.once(ctx)
		if ctx.Err() != nil {
			return
		}
		if text := err.Error(); text != told {
			told = text
			e.options.Log.Info("the standby's hotpair does not hear this master", "error", err) // the replication warns of it
		}
		if worked {
			pause(ctx, reopen)
		} else {
			pause(ctx, reconnect)
		}
	}
}

// once goes on until the connection ends, and tells whether it ever worked.
func (e *exchange) once(ctx context.Context) (worked bool, err error) {
	conn, err := e.options.Open(ctx)
	if err != nil {
		return false, err
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
			return worked, err
		}
		worked = true
		select {
		case <-ctx.Done():
			return worked, ctx.Err()
		case <-e.news:
		case <-time.After(reportEvery):
		}
	}
}

// turn tells once, and hears once.
func (e *exchange) turn(conn io.ReadWriteCloser, lines *bufio.Reader) error {
	e.mu.Lock()
	e.tells.Now = time.Now().UTC()
	text, err := json.Marshal(e.tells)
	e.mu.Unlock()
	if err != nil {
		return err
	}
	late := time.AfterFunc(answerIn, func() { conn.Close() })
	var line []byte
	if _, err = conn.Write(append(text, '\n')); err == nil {
		line, err = lines.ReadSlice('\n')
	}
	if !late.Stop() {
		return errLate
	}
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
