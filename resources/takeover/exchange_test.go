package takeover

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

func TestAReportThatNobodyAnswersIsGivenUpInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		go io.Copy(io.Discard, far)
		e := &exchange{options: Options{Open: func(context.Context) (io.ReadWriteCloser, error) { return near, nil }}}
		began := time.Now()
		if err := e.once(t.Context()); !errors.Is(err, errLate) || time.Since(began) != answerIn {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}
