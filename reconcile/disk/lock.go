package disk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"
)

// Holder says who holds a lock.
type Holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

// Busy is the error of a lock that somebody else holds.
type Busy struct{ Holder Holder }

func (b *Busy) Error() string {
	if b.Holder.PID == 0 {
		return "another hotpair is running"
	}
	return fmt.Sprintf("%s (pid %d) has been running since %s", b.Holder.Command, b.Holder.PID, b.Holder.Since.Local().Format("15:04:05"))
}

// Lock is held until Release, or until the process ends however it ends: the
// kernel frees it. Its file is the owner's alone, since whoever can open it could
// hold it. It belongs to the open file (F_OFD_SETLK, fcntl(2)), so that
// commands which hotpair starts do not inherit it.
type Lock struct{ file *os.File }

const (
	retryLock = 50 * time.Millisecond

	getLock = 36 // F_OFD_GETLK, which package syscall does not name
	setLock = 37 // F_OFD_SETLK
)

// Lock takes a lock file of the node, waiting for at most the given time, and
// leaves the holder's name in it. One that is held is a *Busy.
func (r *Root) Lock(ctx context.Context, name string, h Holder, patience time.Duration) (*Lock, error) {
	if err := r.MakeDir(path.Dir(name), 0o700); err != nil {
		return nil, err
	}
	deadline := time.Now().Add(patience)
	for {
		l, err := r.take(ctx, name, deadline)
		if err != nil {
			return nil, err
		}
		if !r.stillNamed(name, l.file) {
			// Somebody removed the file while it was waited for: another process
			// would lock the new one.
			if err := l.Release(); err != nil {
				return nil, wrap("locking", name, err)
			}
			continue
		}
		if err := l.sign(h); err != nil {
			return nil, wrap("locking", name, errors.Join(err, l.Release()))
		}
		return l, nil
	}
}

func (r *Root) take(ctx context.Context, name string, deadline time.Time) (*Lock, error) {
	f, err := r.openLock(name, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	l := &Lock{file: f}
	if err := l.acquire(ctx, deadline); err != nil {
		return nil, wrap("locking", name, errors.Join(err, f.Close()))
	}
	return l, nil
}

// stillNamed tells whether an open file is what its name means now.
func (r *Root) stillNamed(name string, f *os.File) bool {
	rel, err := r.relative(name)
	if err != nil {
		return false
	}
	opened, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := r.root.Lstat(rel)
	return err == nil && os.SameFile(opened, named)
}

// Held tells who holds a lock, without touching it; nil: nobody.
func (r *Root) Held(name string) (*Holder, error) {
	f, err := r.openLock(name, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	question := syscall.Flock_t{Type: syscall.F_WRLCK}
	if err := syscall.FcntlFlock(f.Fd(), getLock, &question); err != nil {
		return nil, wrap("looking at", name, err)
	}
	if question.Type == syscall.F_UNLCK {
		return nil, nil
	}
	h := signature(f)
	return &h, nil
}

// Release frees the lock, by name: a process that is being started at this
// moment has a copy of the open file until it runs its own program.
func (l *Lock) Release() error {
	err := syscall.FcntlFlock(l.file.Fd(), setLock, &syscall.Flock_t{Type: syscall.F_UNLCK})
	return errors.Join(err, l.file.Close())
}

func (l *Lock) acquire(ctx context.Context, deadline time.Time) error {
	for {
		err := syscall.FcntlFlock(l.file.Fd(), setLock, &syscall.Flock_t{Type: syscall.F_WRLCK})
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EACCES):
			return err
		case !time.Now().Before(deadline):
			return &Busy{Holder: signature(l.file)}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(retryLock):
		}
	}
}

func (r *Root) openLock(name string, flags int) (*os.File, error) {
	rel, err := r.relative(name)
	if err != nil {
		return nil, wrap("locking", name, err)
	}
	f, err := r.root.OpenFile(rel, flags|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, wrap("locking", name, err)
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, wrap("locking", name, errors.Join(err, errors.New("it is not a regular file: remove it"), f.Close()))
	}
	return f, nil
}

func (l *Lock) sign(h Holder) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err = l.file.WriteAt(text, 0)
	return err
}

// signature tells who signed last. A lock taken this very moment may still
// bear a dead holder's name, so that one is waited out.
func signature(f *os.File) Holder {
	for range 10 {
		var h Holder
		text := make([]byte, 1024)
		n, err := f.ReadAt(text, 0)
		if (err == nil || errors.Is(err, io.EOF)) && json.Unmarshal(text[:n], &h) == nil && alive(h.PID) {
			return h
		}
		time.Sleep(retryLock / 10)
	}
	return Holder{}
}

func alive(pid int) bool {
	return pid > 0 && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}
