package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// Write replaces a file, or creates it with the given mode. An existing one
// keeps its owner, group and mode.
func (r *Root) Write(name string, content []byte, mode fs.FileMode) error {
	if err := r.Writable(name); err != nil {
		return err
	}
	return wrap("writing", name, r.replace(name, content, mode, nil))
}

// ErrMoved is returned when somebody else changed a file in the meantime.
var ErrMoved = errors.New("somebody else changed it in the meantime")

// Exchange replaces a file that still holds what was read from it. An edit that
// somebody saves while the new content is made is not lost but ErrMoved.
func (r *Root) Exchange(name string, old, content []byte, mode fs.FileMode) error {
	if err := r.Writable(name); err != nil {
		return err
	}
	return wrap("writing", name, r.replace(name, content, mode, func() error {
		now, err := r.Read(name)
		if errors.Is(err, fs.ErrNotExist) && len(old) == 0 {
			return nil
		}
		if err == nil && !bytes.Equal(now, old) {
			err = ErrMoved
		}
		return err
	}))
}

// Replace writes a file outside any node, such as one that a command line
// names. Its directory may be anybody's.
func Replace(name string, content []byte, mode fs.FileMode) error {
	abs, err := filepath.Abs(name)
	if err != nil {
		return wrap("writing", name, err)
	}
	r, err := Open(filepath.Dir(abs))
	if err != nil {
		return wrap("writing", name, err)
	}
	defer r.Close()
	return wrap("writing", name, r.replace("/"+filepath.Base(abs), content, mode, nil))
}

// Writable tells why a file could not be replaced safely: it is no regular
// file, or somebody else could put another one in its place.
func (r *Root) Writable(name string) error {
	rel, _, err := r.target(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return wrap("writing", name, err)
	}
	for dir := path.Dir(rel); dir != "."; dir = path.Dir(dir) {
		info, err := r.root.Stat(dir)
		if err != nil {
			return wrap("writing", name, fmt.Errorf("directory /%s: %w", dir, cause(err)))
		}
		if info.Mode().Perm()&0o002 != 0 {
			return wrap("writing", name, fmt.Errorf("everybody can write to /%s: run `chmod o-w /%s` first", dir, dir))
		}
	}
	return nil
}

// Remove removes a regular file; one that is not there is no error.
func (r *Root) Remove(name string) error {
	rel, _, err := r.target(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = r.root.Remove(rel)
	}
	if err == nil {
		err = r.syncDir(path.Dir(rel))
	}
	return wrap("removing", name, err)
}

// MakeDir makes a directory and its parents where they are missing.
func (r *Root) MakeDir(name string, mode fs.FileMode) error {
	rel, err := r.relative(name)
	if err == nil {
		_, err = r.root.Stat(rel)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = r.root.MkdirAll(rel, mode)
	}
	return wrap("making directory", name, err)
}

// TempSuffix ends the name of a file that is about to replace another one.
const TempSuffix = ".hotpair-tmp"

// tempName is the temporary file beside a target. It begins with a dot and
// holds another, so that neither cron nor PostgreSQL would read it.
func tempName(rel string) string {
	return path.Join(path.Dir(rel), "."+path.Base(rel)+TempSuffix)
}

// Sweep removes what a crash left of our own temporary files in a directory. One
// that somebody writes at this moment is locked.
func (r *Root) Sweep(dir string) error {
	names, err := r.List(dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if !strings.HasPrefix(name, ".") || !strings.HasSuffix(name, TempSuffix) {
			continue
		}
		file := path.Join(dir, name)
		rel, _, err := r.target(file)
		if err != nil || r.locked(rel) {
			continue // hotpair makes only plain files: this one is not its own
		}
		if err := r.Remove(file); err != nil {
			return err
		}
	}
	return nil
}

// replace writes the content beside the file, and over it unless the last look
// objects.
func (r *Root) replace(name string, content []byte, mode fs.FileMode, look func() error) (err error) {
	rel, old, err := r.target(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	temp := tempName(rel)
	f, err := r.create(temp)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(r.root.Remove(temp)))
		}
	}()
	if err := fill(f, content, old, mode); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	if look != nil {
		if err := look(); err != nil {
			return err
		}
	}
	if err := r.root.Rename(temp, rel); err != nil {
		return err
	}
	return r.syncDir(path.Dir(rel))
}

// create makes the temporary file anew; the caller's lock says that one which
// is there already was left by a crash.
func (r *Root) create(temp string) (*os.File, error) {
	const flags = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	f, err := r.root.OpenFile(temp, flags, 0o600)
	if errors.Is(err, fs.ErrExist) {
		if err := r.root.Remove(temp); err != nil {
			return nil, err
		}
		f, err = r.root.OpenFile(temp, flags, 0o600)
	}
	if err == nil {
		_ = syscall.FcntlFlock(f.Fd(), setLock, &syscall.Flock_t{Type: syscall.F_WRLCK}) // without it, a sweep at this moment fails the write
	}
	return f, err
}

// locked tells whether somebody holds a file.
func (r *Root) locked(rel string) bool {
	f, err := r.root.OpenFile(rel, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	question := syscall.Flock_t{Type: syscall.F_WRLCK}
	return syscall.FcntlFlock(f.Fd(), getLock, &question) == nil && question.Type != syscall.F_UNLCK
}

// fill writes and syncs the content under the old file's owner and mode.
func fill(f *os.File, content []byte, old fs.FileInfo, mode fs.FileMode) error {
	if _, err := f.Write(content); err != nil {
		return err
	}
	if old != nil {
		mode = old.Mode().Perm()
		if stat, ok := old.Sys().(*syscall.Stat_t); ok {
			if err := f.Chown(int(stat.Uid), int(stat.Gid)); err != nil {
				return err
			}
		}
	}
	if err := f.Chmod(mode); err != nil {
		return err
	}
	return f.Sync()
}

func (r *Root) syncDir(rel string) error {
	d, err := r.root.Open(rel)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Owner is whose a file is, and who may read and write it.
type Owner struct {
	Mode     fs.FileMode
	UID, GID int
}

// Restore replaces a file, or creates it, with a given owner and mode.
func (r *Root) Restore(name string, content []byte, o Owner) error {
	if err := r.Write(name, content, o.Mode); err != nil {
		return err
	}
	rel, err := r.relative(name)
	if err == nil {
		err = errors.Join(r.root.Chown(rel, o.UID, o.GID), r.root.Chmod(rel, o.Mode))
	}
	return wrap("restoring", name, err)
}

// RemoveTree removes a directory of hotpair's own with all that is in it.
func (r *Root) RemoveTree(name string) error {
	rel, err := r.relative(name)
	if err == nil {
		err = r.root.RemoveAll(rel)
	}
	return wrap("removing", name, err)
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
