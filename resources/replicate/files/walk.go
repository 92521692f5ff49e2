package files

import (
	"errors"
	"io/fs"
	"os"
	"path"
)

// walk visits what is below a path, the path itself first. A visit that returns
// fs.SkipDir leaves a directory out. What vanishes meanwhile is passed over.
// (io/fs would refuse names that are not UTF-8.)
func walk(root *os.Root, rel string, visit func(rel string, info fs.FileInfo) error) error {
	info, err := root.Lstat(rel)
	if err == nil {
		err = visit(rel, info)
	}
	if errors.Is(err, fs.SkipDir) || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || !info.IsDir() {
		return err
	}
	names, err := readNames(root, rel)
	for _, name := range names {
		if err := walk(root, path.Join(rel, name), visit); err != nil {
			return err
		}
	}
	return err
}

func readNames(root *os.Root, rel string) ([]string, error) {
	d, err := root.Open(rel)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	names, err := d.Readdirnames(-1)
	return names, errors.Join(err, d.Close())
}
