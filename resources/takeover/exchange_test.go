package takeover

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

func TestAReportThatNobodyAnswersIsGivenUpInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		go io.Copy(io.Discard, far)
		e := newExchange(Options{Open: func(context.Context) (io.ReadWriteCloser, error) { return near, nil }})
		began := time.Now()
		if _, err := e.once(t.Context()); !errors.Is(err, errLate) || time.Since(began) != answerIn {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}

func TestWhatTheStandbyDecidesByIsReportedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		e := newExchange(Options{Open: func(context.Context) (io.ReadWriteCloser, error) { return near, nil }})
		e.say(message{Report: failover.Report{Serving: true, SIP: failover.Alive}})
		<-e.news // the first report tells it
		ended := make(chan error)
		go func() { _, err := e.once(t.Context()); ended <- err }()
		lines, last := bufio.NewReader(far), time.Now()
		reports := func(sip failover.Answer, after time.Duration) {
			t.Helper()
			line, err := lines.ReadBytes('\n')
			if err == nil {
				_, err = far.Write([]byte("{\"decides\":true}\n"))
			}
			m, wrong := parse(line)
			if err != nil || wrong != nil || m.SIP != sip || time.Since(last) != after {
				t.Errorf("after %s: %+v, %v, %v", time.Since(last), m, err, wrong)
			}
			last = time.Now()
		}
		reports(failover.Alive, 0)
		reports(failover.Alive, reportEvery)
		synctest.Wait()
		e.say(message{Report: failover.Report{Serving: true, SIP: failover.Alive}, Replicated: last})
		reports(failover.Alive, reportEvery)
		synctest.Wait()
		e.say(message{Report: failover.Report{Serving: true, SIP: failover.Silent}})
		reports(failover.Silent, 0)
		far.Close()
		if err := <-ended; err == nil {
			t.Error("it goes on without its peer")
		}
	})
}

// A standby takes a master that is not heard for seconds for one that is not there.
func TestAConnectionThatWorkedIsOpenedAgainAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var opened []time.Duration
		began := time.Now()
		open := func(context.Context) (io.ReadWriteCloser, error) {
			opened = append(opened, time.Since(began))
			near, far := net.Pipe()
			answers := len(opened) == 1
			go func() {
				defer far.Close()
				if _, err := bufio.NewReader(far).ReadBytes('\n'); err == nil && answers {
					far.Write([]byte("{\"decides\":true}\n"))
				}
			}()
			return near, nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), reportEvery+reopen+2*reconnect+time.Second)
		defer cancel()
		newExchange(Options{Open: open, Log: slog.New(slog.DiscardHandler)}).run(ctx)
		want := []time.Duration{0, reportEvery + reopen, reportEvery + reopen + reconnect, reportEvery + reopen + 2*reconnect}
		if !slices.Equal(opened, want) {
			t.Errorf("opened after %v, want %v", opened, want)
		}
	})
}
