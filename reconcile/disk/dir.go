package disk

import (
	"cmp"
	"os"
	"path/filepath"
	"syscall"
)

// OpenDir opens a directory. A symbolic link is followed as long as it stays
// below the root.
func (r *Root) OpenDir(name string) (*os.File, error) {
	rel, err := r.relative(name)
	if err != nil {
		return nil, wrap("opening", name, err)
	}
	if r.dir == "/" {
		if dir, err := filepath.EvalSymlinks(name); err == nil {
			rel = cmp.Or(dir[1:], ".")
		}
	}
	f, err := r.root.OpenFile(rel, os.O_RDONLY|syscall.O_DIRECTORY, 0)
	return f, wrap("opening", name, err)
}
