package pgconf

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Setting is an assignment of postgresql.conf, wherever it was included from.
type Setting struct {
	File  string
	Line  int    // from 1
	Name  string // in lower case
	Value string // without quotes
}

// Settings reads postgresql.conf, what it includes, and postgresql.auto.conf in
// the data directory, in the order in which PostgreSQL takes them: of two of one
// name the later one wins. Without data_directory the data are where
// postgresql.conf is.
func Settings(r Reader, name string) ([]Setting, error) {
	list, err := settings(r, name, 0)
	if err != nil {
		return nil, err
	}
	data, _ := Effective(list, "data_directory")
	auto, err := settings(r, path.Join(beside(name, data.Value), "postgresql.auto.conf"), 0)
	if errors.Is(err, fs.ErrNotExist) {
		return list, nil
	}
	return append(list, auto...), err
}

// Effective is the last setting of a name.
func Effective(list []Setting, name string) (Setting, bool) {
	for _, s := range slices.Backward(list) {
		if s.Name == name {
			return s, true
		}
	}
	return Setting{}, false
}

func settings(r Reader, name string, depth int) ([]Setting, error) {
	text, err := load(r, name, depth)
	if err != nil {
		return nil, err
	}
	var list []Setting
	number := 0
	for line := range strings.Lines(text) {
		number++
		s := Setting{File: name, Line: number}
		var ok bool
		if s.Name, s.Value, ok = assignment(line); !ok {
			continue
		}
		if !including(s.Name) {
			list = append(list, s)
			continue
		}
		more, err := includedSettings(r, s, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

func includedSettings(r Reader, s Setting, depth int) ([]Setting, error) {
	files, err := resolve(r, s.Name, beside(s.File, s.Value))
	if err != nil {
		return nil, err
	}
	var list []Setting
	for _, file := range files {
		more, err := settings(r, file, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}
