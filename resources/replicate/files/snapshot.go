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
	info, err := os.Stat(o.Host.Host(dir)) // a declared directory may be a link to one
	if err == nil {
		s.stamps[dir] = stamp(info)
		err = s.list(ctx, o, dir, exclude)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking at %s: %w", dir, err)
	}
	return nil
}

func (s Snapshot) list(ctx context.Context, o Options, dir string, exclude patterns) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	entries, err := os.ReadDir(o.Host.Host(dir))
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if exclude.hit(name) {
			continue
		}
		info, err := e.Info()
		if err == nil {
			s.stamps[name] = stamp(info)
			if info.IsDir() {
				err = s.list(ctx, o, name, exclude)
			}
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
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

func stamp(info fs.FileInfo) uint64 {
	h := fnv.New64a()
	numbers := []int64{info.Size(), info.ModTime().UnixNano()}
	if stat, is := info.Sys().(*syscall.Stat_t); is {
		numbers = append(numbers, int64(stat.Mode), int64(stat.Uid), int64(stat.Gid), int64(stat.Ino), stat.Ctim.Nano())
	}
	buf := make([]byte, 0, 64)
	for _, n := range numbers {
		buf = binary.LittleEndian.AppendUint64(buf, uint64(n))
	}
	_, _ = h.Write(buf) // never fails
	return h.Sum64()
}
