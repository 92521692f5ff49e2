package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"syscall"
)

// received is an item of a batch and what became of it here.
type received struct {
	entry
	name, dir, rel string
	root           *os.Root
	need           byte
	verb           string
	failed         error

	temp string // written, and not yet renamed
	file *os.File
}

func (it *received) fail(act string, err error) {
	if it.failed == nil {
		it.failed = fmt.Errorf("%s %s on the peer: %w", act, printable(it.name), cause(err))
		it.need, it.verb = needFailed, ""
	}
}

// look tells what an item needs. A directory is made at once: what is in it is
// looked at next.
func (r *receiver) look(it *received) {
	var err error
	if it.root, err = r.tree.open(it.dir); err != nil {
		it.fail("opening", err)
		return
	}
	info, err := it.root.Lstat(it.rel)
	switch {
	case errors.Is(err, fs.ErrNotExist) && it.Kind == kindGone:
	case errors.Is(err, fs.ErrNotExist):
		it.verb, it.need = Create, needContent
	case err != nil:
		it.fail("looking at", err)
	case it.Kind == kindGone:
		it.verb, it.need = Delete, needContent
	case !it.sameContent(info):
		it.verb, it.need = Update, needContent
	case !r.sameAttributes(it, info):
		it.verb, it.need = Attributes, needAttributes
	}
	if it.Kind == kindDir && it.need == needContent {
		if err := r.makeDir(it, info); err != nil {
			it.fail("making directory", err)
		}
	}
}

// sameContent compares as rsync does: by kind, size and time.
func (it *received) sameContent(info fs.FileInfo) bool {
	switch it.Kind {
	case kindFile:
		return info.Mode().IsRegular() && info.Size() == it.Size && info.ModTime().UnixNano() == it.Time
	case kindLink:
		if info.Mode()&fs.ModeSymlink == 0 {
			return false
		}
		target, err := it.root.Readlink(it.rel)
		return err == nil && target == string(it.Target)
	}
	return info.IsDir()
}

func (r *receiver) sameAttributes(it *received, info fs.FileInfo) bool {
	stat, is := info.Sys().(*syscall.Stat_t)
	if !is {
		return false
	}
	uid, gid := r.owners.ids(it.entry)
	return int(stat.Uid) == uid && int(stat.Gid) == gid && (it.Kind == kindLink || stat.Mode&0o7777 == it.Mode)
}

func (r *receiver) makeDir(it *received, old fs.FileInfo) error {
	if old != nil {
		if err := it.root.Remove(it.rel); err != nil {
			return err
		}
	}
	return it.root.Mkdir(it.rel, 0o700)
}

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
