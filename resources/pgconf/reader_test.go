package pgconf

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"testing"
)

// files is a Reader of files by their absolute paths.
type files map[string]string

func (f files) Read(name string) ([]byte, error) {
	if text, is := f[name]; is {
		return []byte(text), nil
	}
	return nil, fmt.Errorf("reading %s: %w", name, fs.ErrNotExist)
}

// List gives the names in no order of their own.
func (f files) List(dir string) ([]string, error) {
	if _, is := f[dir]; is {
		return nil, errors.New("not a directory")
	}
	var names []string
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(f))) {
		if path.Dir(name) == dir || path.Dir(path.Dir(name)) == dir {
			names = append(names, path.Base(name))
		}
	}
	return names, nil
}

const (
	hbaFile  = "/etc/postgresql/15/main/pg_hba.conf"
	confFile = "/etc/postgresql/15/main/postgresql.conf"
)

// rulesOf reads a pg_hba.conf beside other files.
func rulesOf(t *testing.T, text string, others files) []Rule {
	t.Helper()
	list, err := Rules(together(hbaFile, text, others), hbaFile)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// settingsOf reads a postgresql.conf beside other files.
func settingsOf(t *testing.T, text string, others files) []Setting {
	t.Helper()
	list, err := Settings(together(confFile, text, others), confFile)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func together(name, text string, others files) files {
	all := files{name: text}
	maps.Copy(all, others)
	return all
}
