package disk

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

const lockName = "/run/hotpair/run.lock"

func TestALockHasOneHolderWhoIsNamed(t *testing.T) {
	r, _ := open(t)
	me := Holder{PID: os.Getpid(), Command: "hotpair apply", Since: time.Now()}
	l, err := r.Lock(t.Context(), lockName, me, 0)
	must(t, err)
	_, err = r.Lock(t.Context(), lockName, me, 0)
	var busy *Busy
	if !errors.As(err, &busy) || busy.Holder.PID != me.PID || !strings.Contains(err.Error(), "hotpair apply (pid ") {
		t.Errorf("got %v", err)
	}
	if h, err := r.Held(lockName); err != nil || h == nil || h.PID != me.PID {
		t.Errorf("held by %v, %v", h, err)
	}
	must(t, l.Release())
	if h, err := r.Held(lockName); err != nil || h != nil {
		t.Errorf("held by %v, %v", h, err)
	}
}

func TestNobodyHoldsALockThatWasNeverTaken(t *testing.T) {
	r, dir := open(t)
	if h, err := r.Held(lockName); err != nil || h != nil {
		t.Errorf("held by %v, %v", h, err)
	}
	if _, err := os.Stat(dir + "/run"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("looking made a directory: %v", err)
	}
}

func TestPatienceWaitsForTheHolder(t *testing.T) {
	r, _ := open(t)
	l, err := r.Lock(t.Context(), lockName, Holder{PID: os.Getpid()}, 0)
	must(t, err)
	time.AfterFunc(3*retryLock, func() { l.Release() })
	second, err := r.Lock(t.Context(), lockName, Holder{PID: os.Getpid()}, time.Minute)
	must(t, err)
	must(t, second.Release())
}

func TestWaitingForALockEndsWithTheContext(t *testing.T) {
	r, _ := open(t)
	l, err := r.Lock(t.Context(), lockName, Holder{PID: os.Getpid()}, 0)
	must(t, err)
	defer l.Release()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(retryLock, cancel)
	if _, err := r.Lock(ctx, lockName, Holder{}, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAChildDoesNotInheritTheLock(t *testing.T) {
	r, _ := open(t)
	l, err := r.Lock(t.Context(), lockName, Holder{PID: os.Getpid()}, 0)
	must(t, err)
	child := exec.Command("sleep", "60")
	must(t, child.Start())
	defer func() { child.Process.Kill(); child.Wait() }()
	must(t, l.Release())
	l, err = r.Lock(t.Context(), lockName, Holder{PID: os.Getpid()}, 0)
	must(t, err)
	must(t, l.Release())
}

func TestAProcessThatIsBeingStartedHoldsNoLock(t *testing.T) {
	r, _ := open(t)
	l, err := r.Lock(t.Context(), lockName, Holder{PID: os.Getpid()}, 0)
	must(t, err)
	inherited, err := syscall.Dup(int(l.file.Fd()))
	must(t, err)
	defer syscall.Close(inherited)
	must(t, l.Release())
	if h, err := r.Held(lockName); err != nil || h != nil {
		t.Errorf("%+v still holds it, %v", h, err)
	}
}

func TestADeadHoldersNameIsNotGiven(t *testing.T) {
	r, _ := open(t)
	l, err := r.Lock(t.Context(), lockName, Holder{PID: 1 << 30, Command: "long gone"}, 0)
	must(t, err)
	defer l.Release()
	_, err = r.Lock(t.Context(), lockName, Holder{}, 0)
	if err == nil || strings.Contains(err.Error(), "long gone") {
		t.Errorf("got %v", err)
	}
}

func TestALockFileThatIsRemovedMeanwhileIsNotHeldTwice(t *testing.T) {
	r, dir := open(t)
	file := dir + lockName
	l, err := r.Lock(t.Context(), lockName, Holder{PID: os.Getpid()}, 0)
	must(t, err)
	time.AfterFunc(2*retryLock, func() {
		os.Remove(file)
		l.Release()
	})
	second, err := r.Lock(t.Context(), lockName, Holder{PID: os.Getpid()}, time.Minute)
	must(t, err)
	defer second.Release()
	if _, err := r.Lock(t.Context(), lockName, Holder{}, 0); err == nil {
		t.Error("a third one holds the new file")
	}
}

func TestALockThatIsNoFileIsRefused(t *testing.T) {
	r, dir := open(t)
	must(t, os.MkdirAll(dir+"/run/hotpair", 0o755))
	must(t, syscall.Mkfifo(dir+lockName, 0o644))
	if _, err := r.Held(lockName); err == nil {
		t.Error("looked at")
	}
	if _, err := r.Lock(t.Context(), lockName, Holder{}, 0); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("got %v", err)
	}
}
