package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/hotpair/hotpair/resources/pattern"
	"github.com/hotpair/hotpair/resources/timeline"
)

// whose matches the name before a file.
var whose = pattern.Lazy(`^([A-Za-z0-9][A-Za-z0-9._-]*)=(.+)$`)

// whoseFile tells whose a file is, unless a file has the whole for its name.
func whoseFile(arg string) (node, file string) {
	m := whose().FindStringSubmatch(arg)
	if _, err := os.Stat(arg); m == nil || err == nil {
		return "", arg
	}
	return m[1], m[2]
}

func (a *app) openLog(arg string, how timeline.How) (*timeline.Log, func(), error) {
	node, name := whoseFile(arg)
	if name == "-" {
		log, err := timeline.Open(timeline.File{Name: "standard input", Node: node, Modified: time.Now(), In: a.in}, how)
		return log, func() {}, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, unopened(name, err)
	}
	closing := func() { f.Close() }
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("it is a directory: name the files in it")
	}
	if err != nil {
		closing()
		return nil, nil, unopened(name, err)
	}
	changed := info.ModTime()
	if now := time.Now(); changed.After(now) || !info.Mode().IsRegular() {
		changed = now
	}
	log, err := timeline.Open(timeline.File{Name: name, Node: node, Modified: changed, In: f}, how)
	if err != nil {
		closing()
	}
	return log, closing, err
}

func unopened(name string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fmt.Errorf("reading %s: %w", name, err)
}
