package files

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"syscall"
)

// A Snapshot is what the declared directories were like at a moment: the
// attributes of each path, not its content.
type Snapshot struct{ stamps map[string]uint64 }

// Snapshot looks at every path that follows. It reads no file.
func (o Options) Snapshot(ctx context.Context) (Snapshot, error) {
	exclude, err := newPatterns(o.Exclude)
	if err != nil {
		return Snapshot{}, err
	}
	there, _, err := o.ready()
	if err != nil {
		return Snapshot{}, err
	}
	s := Snapshot{map[string]uint64{}}
	for _, dir := range there {
		if err := s.walk(ctx, o, dir, exclude); err != nil {
			return Snapshot{}, err
		}
	}
	return s, nil
}

func (s Snapshot) walk(ctx context.Context, o Options, dir string, exclude patterns) error {
	root, err := os.OpenRoot(o.Host.Host(dir)) // a declared directory may be a link to one
	if err == nil {
		err = errors.Join(s.list(ctx, root, dir, exclude), root.Close())
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking at %s: %w", printable(dir), cause(err))
	}
	return nil
}

// list looks at a directory and what it holds. It is most of what the daemon
// does at rest: each name is looked at from its directory, which spares the
// kernel the way there.
func (s Snapshot) list(ctx context.Context, root *os.Root, dir string, exclude patterns) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	info, err := root.Lstat(".")
	if err != nil {
		return err
	}
	s.stamps[dir] = stamp(info)
	names, err := readNames(root, ".")
	if err != nil {
		return err
	}
	for _, base := range names {
		name := dir + "/" + base
		if exclude.hit(name) {
			continue
		}
		if err := s.look(ctx, root, name, exclude); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (s Snapshot) look(ctx context.Context, root *os.Root, name string, exclude patterns) error {
	info, err := root.Lstat(path.Base(name))
	if err != nil {
		return err
	}
	if !info.IsDir() {
		s.stamps[name] = stamp(info)
		return nil
	}
	below, err := root.OpenRoot(path.Base(name))
	if err != nil {
		return err
	}
	return errors.Join(s.list(ctx, below, name, exclude), below.Close())
}

// Equal tells whether nothing has changed, the time of the last change of
// attributes (st_ctim, inode(7)) included: no program can set it back.
func (s Snapshot) Equal(t Snapshot) bool { return maps.Equal(s.stamps, t.stamps) }

// Changed names what is new, different or gone since an older one.
func (s Snapshot) Changed(since Snapshot) []string {
	var paths []string
	for name, is := range s.stamps {
		if was, there := since.stamps[name]; !there || was != is {
			paths = append(paths, name)
		}
	}
	for name := range since.stamps {
		if _, there := s.stamps[name]; !there {
			paths = append(paths, name)
		}
	}
	slices.Sort(paths)
	return paths
}

// stamp is one number for all that tells of a change.
func stamp(info fs.FileInfo) uint64 {
	stat, is := info.Sys().(*syscall.Stat_t)
	if !is {
		return 0
	}
	var buf [56]byte
	for i, n := range [...]uint64{uint64(stat.Size), uint64(stat.Mtim.Nano()), uint64(stat.Mode), uint64(stat.Uid), uint64(stat.Gid), stat.Ino, uint64(stat.Ctim.Nano())} {
		binary.LittleEndian.PutUint64(buf[8*i:], n)
	}
	h := fnv.New64a()
	_, _ = h.Write(buf[:]) // never fails
	return h.Sum64()
}
