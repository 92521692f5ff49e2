package files

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// publish gives complete files their owner, mode, time and name. One step of
// all comes before the next step of any: after the first, a sync finds nothing
// more to write in the disk's journal.
func (r *receiver) publish(items []*received) {
	sync := func(it *received) error { return it.file.Sync() }
	for _, step := range []func(*received) error{r.complete, sync, r.rename} {
		for _, it := range items {
			if it.file == nil || it.failed != nil {
				continue
			}
			if err := step(it); err != nil {
				it.fail("writing", err)
			}
		}
	}
	for _, it := range items {
		r.drop(it)
	}
}

// complete sets what a file needs while it has its temporary name. The owner
// comes before the mode: chown clears the set-user-id bit.
func (r *receiver) complete(it *received) error {
	uid, gid := r.owners.ids(it.entry)
	t := time.Unix(0, it.Time)
	return errors.Join(it.file.Chown(uid, gid), it.file.Chmod(fileMode(it.Mode)), it.root.Chtimes(it.temp, t, t))
}

func (r *receiver) rename(it *received) error {
	if err := r.makeRoom(it); err != nil {
		return err
	}
	if err := it.root.Rename(it.temp, it.rel); err != nil {
		return err
	}
	it.temp = ""
	return nil
}

// makeRoom removes a directory where a file or a link is to be. One that holds
// much is not removed in passing.
func (r *receiver) makeRoom(it *received) error {
	info, err := it.root.Lstat(it.rel)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return nil
	}
	if err != nil {
		return err
	}
	n, err := r.tree.count(it.dir, it.rel)
	if err == nil && n > alwaysDeleted {
		err = errors.New("a directory that holds much is there: compare everything")
	}
	if err == nil {
		err = r.tree.remove(it.root, it.dir, it.rel)
	}
	return err
}

// link makes a symbolic link beside its place and moves it there.
func (r *receiver) link(it *received) error {
	it.temp = tempName(it.rel)
	if err := it.root.Remove(it.temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := it.root.Symlink(string(it.Target), it.temp); err != nil {
		return err
	}
	uid, gid := r.owners.ids(it.entry)
	if err := it.root.Lchown(it.temp, uid, gid); err != nil {
		return err
	}
	return r.rename(it)
}

// settle gives what is there its owner and mode, and a directory its time.
func (r *receiver) settle(it *received) error {
	uid, gid := r.owners.ids(it.entry)
	if it.Kind == kindLink {
		return it.root.Lchown(it.rel, uid, gid)
	}
	info, err := it.root.Lstat(it.rel)
	if err != nil {
		return err
	}
	if !r.sameAttributes(it, info) {
		err = errors.Join(it.root.Lchown(it.rel, uid, gid), it.root.Chmod(it.rel, fileMode(it.Mode)))
	}
	if err == nil && info.ModTime().UnixNano() != it.Time {
		t := time.Unix(0, it.Time)
		err = it.root.Chtimes(it.rel, t, t)
	}
	return err
}

// syncDir has the names in a directory outlive a power cut.
func syncDir(root *os.Root, rel string) error {
	d, err := root.Open(rel)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// fileMode is st_mode's permission bits as Go has them.
func fileMode(bits uint32) fs.FileMode {
	mode := fs.FileMode(bits & 0o777)
	for bit, flag := range map[uint32]fs.FileMode{0o4000: fs.ModeSetuid, 0o2000: fs.ModeSetgid, 0o1000: fs.ModeSticky} {
		if bits&bit != 0 {
			mode |= flag
		}
	}
	return mode
}
