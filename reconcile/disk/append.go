package disk

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// setLockWaiting is F_OFD_SETLKW, which package syscall does not name.
const setLockWaiting = 38

// Append adds a line to a file of lines that is no longer than most bytes: one
// that is has lost its older half by then. It creates the file with the given
// mode. Several processes may append at once; none waits but for another to
// shorten the file. It is not synced: a power cut may take the last lines, or
// leave half of one, which the next line does not go on.
func (r *Root) Append(name string, line []byte, most int64, mode fs.FileMode) error {
	if err := r.Writable(name); err != nil {
		return err
	}
	for {
		again, err := r.appendTo(name, line, most, mode)
		if err != nil || !again {
			return wrap("writing", name, err)
		}
	}
}

// appendTo appends once; again: the file was shortened, or replaced meanwhile.
func (r *Root) appendTo(name string, line []byte, most int64, mode fs.FileMode) (again bool, err error) {
	rel, err := r.relative(name)
	if err != nil {
		return false, err
	}
	f, err := r.root.OpenFile(rel, os.O_RDWR|os.O_APPEND|os.O_CREATE|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, mode)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := hold(f, syscall.F_RDLCK); err != nil {
		return false, err
	}
	if !r.stillNamed(name, f) {
		return true, nil
	}
	size, whole, err := ending(f)
	if err != nil {
		return false, err
	}
	if size+int64(len(line)) > most && size > 0 {
		return true, r.shorten(name, f, mode)
	}
	if !whole {
		line = append([]byte{'\n'}, line...)
	}
	_, err = f.Write(append(bytes.Clone(line), '\n'))
	return false, err
}

// hold waits for a lock of an open file, which its closing frees.
func hold(f *os.File, kind int16) error {
	for {
		err := syscall.FcntlFlock(f.Fd(), setLockWaiting, &syscall.Flock_t{Type: kind})
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// ending tells how long a file is, and whether its last line has an end.
func ending(f *os.File) (size int64, whole bool, err error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return 0, true, err
	}
	last := make([]byte, 1)
	_, err = f.ReadAt(last, info.Size()-1)
	return info.Size(), last[0] == '\n', err
}

// shorten drops the older half of a file, unless another process did.
func (r *Root) shorten(name string, f *os.File, mode fs.FileMode) error {
	if err := hold(f, syscall.F_UNLCK); err != nil { // two that hold it to read would wait for each other
		return err
	}
	if err := hold(f, syscall.F_WRLCK); err != nil || !r.stillNamed(name, f) {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	text, err := io.ReadAll(io.NewSectionReader(f, info.Size()/2, info.Size()))
	if err != nil {
		return err
	}
	_, lines, _ := bytes.Cut(text, []byte{'\n'})
	return r.replace(name, lines, mode, nil)
}
