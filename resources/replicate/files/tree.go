package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/hotpair/hotpair/reconcile/disk"
)

// tree is the declared directories of the standby, each opened so that nothing
// outside it can be reached.
type tree struct {
	base        string
	directories []string
	exclude     patterns
	roots       map[string]*os.Root
}

func newTree(base string, directories []string) *tree {
	return &tree{base: base, directories: directories, roots: map[string]*os.Root{}}
}

func (t *tree) close() {
	for _, r := range t.roots {
		_ = r.Close() // nothing was written through it
	}
}

// open gives a declared directory, which is made where it is missing.
func (t *tree) open(dir string) (*os.Root, error) {
	if r := t.roots[dir]; r != nil {
		return r, nil
	}
	place := filepath.Join(t.base, dir)
	r, err := os.OpenRoot(place)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(place, 0o755); err != nil {
			return nil, err
		}
		r, err = os.OpenRoot(place)
	}
	if err == nil {
		t.roots[dir] = r
	}
	return r, err
}

// sweep removes the temporary files that a cut left.
func (t *tree) sweep() error {
	for _, dir := range t.directories {
		if _, err := os.Stat(filepath.Join(t.base, dir)); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		root, err := t.open(dir)
		if err == nil {
			err = walk(root, ".", func(rel string, info fs.FileInfo) error {
				if base := path.Base(rel); info.IsDir() || !strings.HasPrefix(base, ".") || !strings.HasSuffix(base, disk.TempSuffix) {
					return nil
				}
				return root.Remove(rel)
			})
		}
		if err != nil {
			return fmt.Errorf("sweeping %s: %w", dir, cause(err))
		}
	}
	return nil
}

// count is how many files and directories that are not excluded a path holds,
// itself included.
func (t *tree) count(dir, rel string) (n int, err error) {
	root, err := t.open(dir)
	if err != nil {
		return 0, err
	}
	err = walk(root, rel, func(rel string, _ fs.FileInfo) error {
		if t.exclude.hit(path.Join(dir, rel)) {
			return fs.SkipDir
		}
		n++
		return nil
	})
	return n, err
}

// total counts all declared directories.
func (t *tree) total() (int, error) {
	sum := 0
	for _, dir := range t.directories {
		n, err := t.count(dir, ".")
		if err != nil {
			return 0, fmt.Errorf("counting %s: %w", dir, cause(err))
		}
		sum += n
	}
	return sum, nil
}

// remove removes a path and what it holds, and leaves what is excluded with the
// directories that lead to it.
func (t *tree) remove(root *os.Root, dir, rel string) error {
	if t.exclude.match(path.Join(dir, rel)) {
		return nil
	}
	info, err := root.Lstat(rel)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.IsDir() {
		names, err := readNames(root, rel)
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := t.remove(root, dir, path.Join(rel, name)); err != nil {
				return err
			}
		}
	}
	err = root.Remove(rel)
	if errors.Is(err, syscall.ENOTEMPTY) || errors.Is(err, fs.ErrNotExist) {
		return nil // it holds what is excluded
	}
	return err
}

// tempName is where a file is written before it is complete, beside its target.
func tempName(rel string) string {
	const longest = 255 // NAME_MAX
	base := path.Base(rel)
	if len(base)+1+len(disk.TempSuffix) > longest {
		sum := sha256.Sum256([]byte(base))
		base = hex.EncodeToString(sum[:])
	}
	return path.Join(path.Dir(rel), "."+base+disk.TempSuffix)
}
