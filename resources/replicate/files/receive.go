package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
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
