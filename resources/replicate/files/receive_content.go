package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// readContents takes the content of every file that needs it. Files become
// visible many at a time, for so many cost one write of the disk's journal.
func (r *receiver) readContents(items []*received) error {
	const mostFiles, mostBytes = 64, 64 << 20
	var written []*received
	bytes := int64(0)
	for _, it := range items {
		if it.Kind != kindFile || it.need != needContent {
			continue
		}
		if err := r.readContent(it); err != nil {
			return err
		}
		written, bytes = append(written, it), bytes+it.Size
		if len(written) >= mostFiles || bytes >= mostBytes {
			r.publish(written)
			written, bytes = nil, 0
		}
	}
	r.publish(written)
	return nil
}

// readContent writes one file beside its target. Its error is one of the
// session; what the disk objects to is the item's, and the rest is passed over.
func (r *receiver) readContent(it *received) error {
	if err := r.create(it); err != nil {
		it.fail("writing", err)
	}
	for got := int64(0); ; {
		n, err := r.readLength()
		switch {
		case err != nil:
			return unexpected(err)
		case n == aborted:
			r.drop(it)
			it.verb = ""
			return nil
		case n == 0 && got < it.Size:
			return fmt.Errorf("%s ends after %d of %d bytes", printable(it.name), got, it.Size)
		case n == 0:
			return nil
		case n > maxFrame || int64(n) > it.Size-got:
			return fmt.Errorf("%s has more than its %d bytes", printable(it.name), it.Size)
		}
		got += int64(n)
		if err := r.readChunk(it, int(n)); err != nil {
			return err
		}
	}
}

func (r *receiver) readChunk(it *received, n int) error {
	p, err := r.r.Peek(n) // the buffer holds a frame
	if err != nil {
		return unexpected(err)
	}
	if it.failed == nil {
		if _, err := it.file.Write(p); err != nil {
			it.fail("writing", err)
			r.drop(it)
		}
	}
	_, err = r.r.Discard(n)
	return err
}

func (r *receiver) create(it *received) (err error) {
	it.temp = tempName(it.rel)
	const flags = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	it.file, err = it.root.OpenFile(it.temp, flags, 0o600)
	if errors.Is(err, fs.ErrExist) {
		if err := it.root.Remove(it.temp); err != nil {
			return err
		}
		it.file, err = it.root.OpenFile(it.temp, flags, 0o600)
	}
	return err
}

// drop forgets what was written of an item.
func (r *receiver) drop(it *received) {
	if it.file != nil {
		_ = it.file.Close() // it is removed next
	}
	if it.temp != "" {
		if err := it.root.Remove(it.temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
			it.fail("removing "+path.Base(it.temp)+" of", err)
		}
	}
	it.file, it.temp = nil, ""
}

// forget drops all that a session that ended left unfinished.
func (r *receiver) forget(items []*received) {
	for _, it := range items {
		r.drop(it)
	}
}
