package pgconf

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// maxDepth is PostgreSQL's own limit of files that include files.
const maxDepth = 10

// load reads a file that stands so many inclusions deep.
func load(r Reader, name string, depth int) (string, error) {
	if depth > maxDepth {
		return "", fmt.Errorf("reading %s: files include each other more than %d deep", name, maxDepth)
	}
	text, err := r.Read(name)
	if err == nil && slices.Contains(text, 0) {
		err = fmt.Errorf("reading %s: it is not a text: a NUL byte is in it", name)
	}
	return string(text), err
}

// including tells whether a word is one that includes files.
func including(word string) bool {
	return word == "include" || word == "include_if_exists" || word == "include_dir"
}

// resolve lists the files that an including word names.
func resolve(r Reader, word, name string) ([]string, error) {
	switch word {
	case "include_dir":
		return configFiles(r, name)
	case "include_if_exists":
		if _, err := r.Read(name); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
	}
	return []string{name}, nil
}

// configFiles are the files that include_dir takes, in the order of the C
// locale. A directory is none, whatever its name.
func configFiles(r Reader, dir string) ([]string, error) {
	entries, err := r.List(dir)
	var files []string
	for _, entry := range slices.Sorted(slices.Values(entries)) {
		if !strings.HasSuffix(entry, ".conf") || strings.HasPrefix(entry, ".") {
			continue
		}
		file := path.Join(dir, entry)
		if _, err := r.List(file); err != nil {
			files = append(files, file)
		}
	}
	return files, err
}

// beside resolves a path that a configuration file names.
func beside(file, named string) string {
	if path.IsAbs(named) {
		return path.Clean(named)
	}
	return path.Join(path.Dir(file), named)
}
