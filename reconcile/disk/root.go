package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// maxSize is the most that Read takes: no file that hotpair edits comes near.
const maxSize = 16 << 20

// Root is the file system of one node. Paths are absolute, as on the node.
type Root struct {
	root *os.Root
	dir  string
}

// Open opens the node whose file system is dir: "/" or a sandbox.
func Open(dir string) (*Root, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, wrap("opening", dir, err)
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, wrap("opening", dir, err)
	}
	return &Root{root: root, dir: abs}, nil
}

// Close releases the directory.
func (r *Root) Close() error { return r.root.Close() }

// Host is a path of the node as a process outside the sandbox names it.
func (r *Root) Host(name string) string { return filepath.Join(r.dir, name) }

// Inside is a path, named by a process outside the sandbox, as the node names
// it; one that is not below the root is the node's own name already.
func (r *Root) Inside(hostPath string) string {
	rel, err := filepath.Rel(r.dir, hostPath)
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return hostPath
	}
	return path.Join("/", rel)
}

// Read returns the content of a regular file of at most 16 MiB. A file that is
// not there is fs.ErrNotExist.
func (r *Root) Read(name string) ([]byte, error) {
	text, err := settled(func() ([]byte, error) {
		rel, info, err := r.target(name)
		if err != nil {
			return nil, err
		}
		return r.readAll(rel, info)
	})
	return text, wrap("reading", name, err)
}

// errReplaced is a file that another one took the place of between two looks.
var errReplaced = errors.New("it was replaced while being opened")

// settled reads again what is replaced at this moment, as files that are written
// by Write are.
func settled(read func() ([]byte, error)) (text []byte, err error) {
	for range 10 {
		if text, err = read(); !errors.Is(err, errReplaced) {
			break
		}
	}
	return text, err
}

// readAll reads a file that is still the one just looked at.
func (r *Root) readAll(rel string, info fs.FileInfo) ([]byte, error) {
	f, err := r.root.OpenFile(rel, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	opened, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !os.SameFile(info, opened) {
		return nil, errReplaced
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err == nil && len(text) > maxSize {
		err = errors.New("it is larger than 16 MiB")
	}
	return text, err
}

// Look reads a file that is only looked at: a symbolic link is followed as long
// as it stays below the root. There is nothing to read where there is no
// regular file at its end.
func (r *Root) Look(name string) (text []byte, there bool, err error) {
	rel, err := r.relative(name)
	if err != nil {
		return nil, false, wrap("reading", name, err)
	}
	text, err = settled(func() ([]byte, error) {
		info, err := r.root.Stat(rel)
		if there = err == nil && info.Mode().IsRegular(); there {
			return r.readAll(rel, info)
		}
		if errors.Is(err, fs.ErrNotExist) || err == nil || r.isLink(rel) {
			return nil, nil
		}
		return nil, err
	})
	return text, there && err == nil, wrap("reading", name, err)
}

func (r *Root) isLink(rel string) bool {
	info, err := r.root.Lstat(rel)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// ReadFile reads a regular file outside any node, such as one that a command
// line names, of at most 16 MiB.
func ReadFile(name string) ([]byte, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, wrap("reading", name, err)
	}
	r, err := Open(filepath.Dir(abs))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, there, err := r.Look("/" + filepath.Base(abs))
	if err == nil && !there {
		err = fs.ErrNotExist
	}
	return text, wrap("reading", name, err)
}

// ReadGuarded reads a file whose content is trusted: one that others than its
// owner can write is refused.
func (r *Root) ReadGuarded(name string) ([]byte, error) {
	_, info, err := r.target(name)
	if err != nil {
		return nil, wrap("reading", name, err)
	}
	if info.Mode().Perm()&0o022 != 0 {
		return nil, wrap("reading", name, fmt.Errorf("others than its owner can write it: run `chmod go-w %s` first", name))
	}
	return r.Read(name)
}

// Exists tells whether there is a regular file of this name.
func (r *Root) Exists(name string) (bool, error) {
	_, _, err := r.target(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, wrap("looking at", name, err)
}

// List returns the names in a directory, sorted; none when it is not there.
func (r *Root) List(dir string) ([]string, error) {
	rel, err := r.relative(dir)
	if err != nil {
		return nil, wrap("listing", dir, err)
	}
	entries, err := fs.ReadDir(r.root.FS(), rel)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, wrap("listing", dir, err)
}

// target resolves a name and refuses what is no regular file.
func (r *Root) target(name string) (string, fs.FileInfo, error) {
	rel, err := r.relative(name)
	if err != nil {
		return "", nil, err
	}
	info, err := r.root.Lstat(rel)
	switch {
	case err != nil:
		return rel, nil, err
	case info.Mode()&fs.ModeSymlink != 0:
		return rel, nil, errors.New("it is a symbolic link: put the file itself there")
	case !info.Mode().IsRegular():
		return rel, nil, errors.New("it is not a regular file")
	}
	return rel, info, nil
}

// relative turns a path of the node into one below its root. On a real node its
// directories may be symbolic links with absolute targets, which os.Root would
// not follow; what they lead to is resolved here.
func (r *Root) relative(name string) (string, error) {
	if !path.IsAbs(name) || path.Clean(name) != name || strings.ContainsRune(name, 0) {
		return "", errors.New("the path is not absolute and clean")
	}
	if name == "/" {
		return ".", nil
	}
	if r.dir == "/" {
		if dir, err := filepath.EvalSymlinks(path.Dir(name)); err == nil {
			name = path.Join(dir, path.Base(name))
		}
	}
	return name[1:], nil
}

// wrap names act and path, and keeps the cause without repeating the path.
func wrap(act, name string, err error) error {
	if err == nil {
		return nil
	}
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		err = p.Err
	case errors.As(err, &l):
		err = l.Err
	}
	return fmt.Errorf("%s %s: %w", act, name, err)
}
