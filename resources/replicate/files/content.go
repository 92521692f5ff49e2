package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// errMoved is that a file is not what it was when it was looked at.
var errMoved = errors.New("it changed while it was read")

// send sends a file's content, or that there is none. reading tells why, err
// that the link ended.
func (s *source) send(w *wire, e entry) (reading, err error) {
	f, reading := s.openFile(e)
	if reading == nil {
		reading, err = copyContent(w, f, e.Size)
		if reading == nil {
			reading = unmoved(f, e)
		}
		reading = errors.Join(reading, f.Close())
	}
	if err != nil {
		return reading, err
	}
	if reading != nil {
		return reading, w.length(aborted)
	}
	return nil, w.length(0)
}

func (s *source) openFile(e entry) (*os.File, error) {
	dir, rel := within(s.there, string(e.Path))
	root, err := s.open(dir)
	if err != nil {
		return nil, err
	}
	f, err := root.OpenFile(rel, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errMoved
	}
	if err != nil {
		return nil, err
	}
	if err := unmoved(f, e); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func unmoved(f *os.File, e entry) error {
	info, err := f.Stat()
	if err == nil && (!info.Mode().IsRegular() || info.Size() != e.Size || info.ModTime().UnixNano() != e.Time) {
		err = errMoved
	}
	return err
}

func copyContent(w *wire, f io.Reader, size int64) (reading, err error) {
	buf := make([]byte, maxFrame)
	for size > 0 {
		n, reading := io.ReadFull(f, buf[:min(size, maxFrame)])
		if reading != nil {
			if errors.Is(unexpected(reading), io.ErrUnexpectedEOF) {
				reading = errMoved
			}
			return reading, nil
		}
		if err := w.writeFrame(buf[:n]); err != nil {
			return nil, err
		}
		size -= int64(n)
	}
	return nil, nil
}
