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
	"runtime"
	"slices"
	"sync"
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
	w := &walker{exclude: exclude, stamps: map[string]uint64{}, spare: make(chan struct{}, runtime.GOMAXPROCS(0)-1)}
	for _, dir := range there {
		root, err := os.OpenRoot(o.Host.Host(dir)) // a declared directory may be a link to one
		if err == nil {
			w.list(ctx, root, dir)
		} else {
			w.fail(dir, err)
		}
	}
	w.work.Wait()
	return Snapshot{w.stamps}, w.err
}

// walker looks at directories, as many at a time as there are processors.
type walker struct {
	exclude patterns
	spare   chan struct{}
	work    sync.WaitGroup

	mu     sync.Mutex
	stamps map[string]uint64
	err    error
}

// list looks at a directory and what it holds, and closes it. It is most of
// what the daemon does at rest: each name is looked at from its directory,
// which spares the kernel the way there.
func (w *walker) list(ctx context.Context, root *os.Root, dir string) {
	defer root.Close()
	info, err := root.Lstat(".")
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		w.fail(dir, err)
		return
	}
	stamps := map[string]uint64{dir: stamp(info)}
	names, err := readNames(root, ".")
	w.fail(dir, err)
	for _, base := range names {
		name := dir + "/" + base
		if w.exclude.hit(name) {
			continue
		}
		info, err := root.Lstat(base)
		switch {
		case err != nil:
			w.fail(name, err)
		case info.IsDir():
			w.below(ctx, root, name)
		default:
			stamps[name] = stamp(info)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	maps.Copy(w.stamps, stamps)
}

// below lists a directory beside the others where a processor is to spare.
func (w *walker) below(ctx context.Context, root *os.Root, name string) {
	dir, err := root.OpenRoot(path.Base(name))
	if err != nil {
		w.fail(name, err)
		return
	}
	select {
	case w.spare <- struct{}{}:
		w.work.Go(func() {
			w.list(ctx, dir, name)
			<-w.spare
		})
	default:
		w.list(ctx, dir, name)
	}
}

// fail keeps the first error; that something vanished is none.
func (w *walker) fail(name string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil && !errors.Is(err, fs.ErrNotExist) && w.err == nil {
		w.err = fmt.Errorf("looking at %s: %w", printable(name), cause(err))
	}
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
