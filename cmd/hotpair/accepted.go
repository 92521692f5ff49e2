package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// acceptedPath is where the configuration in force is kept: what the daemon, or
// an apply, last took over. It may hold secrets.
const acceptedPath = "/var/lib/hotpair/accepted.json"

// accepted is all that a configuration was made from, so that it can be made
// again when a file that it read is gone.
type accepted struct {
	Sources []schema.Source
	Files   map[string][]byte `json:",omitempty"` // what file() gave, and a platform's file
	Env     map[string]string `json:",omitempty"` // what env() gave
	failed  bool              // a file could not be read
}

// recording has options remember what they give.
func (a *accepted) recording(o schema.Options) schema.Options {
	a.Files, a.Env = map[string][]byte{}, map[string]string{}
	read, getenv := o.ReadFile, o.Getenv
	o.ReadFile = func(path string) ([]byte, error) {
		if text, known := a.Files[path]; known {
			return text, nil
		}
		text, err := read(path)
		if err == nil {
			a.Files[path] = text
		}
		a.failed = a.failed || err != nil
		return text, err
	}
	o.Getenv = func(name string) string {
		a.Env[name] = getenv(name)
		return a.Env[name]
	}
	return o
}

// replaying has options give what they gave then.
func (a accepted) replaying(o schema.Options) schema.Options {
	o.ReadFile = func(path string) ([]byte, error) {
		text, known := a.Files[path]
		if !known {
			return nil, fs.ErrNotExist
		}
		return text, nil
	}
	o.Getenv = func(name string) string { return a.Env[name] }
	return o
}

// says tells whether a file is among the sources and holds anything.
func (a accepted) says(name string) bool {
	for _, s := range a.Sources {
		if s.Name == name && len(bytes.TrimSpace(s.Text)) > 0 {
			return true
		}
	}
	return false
}

// accept keeps what was read last as the configuration in force.
func (a *app) accept(h *host.Host) error {
	text, err := json.Marshal(a.read)
	if err != nil {
		return err
	}
	old, err := h.Read(acceptedPath)
	if err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := h.MakeDir(path.Dir(acceptedPath), 0o755); err != nil {
		return err
	}
	return h.Write(acceptedPath, text, 0o600)
}

// inForce is the configuration in force; nil: there is none.
func (a *app) inForce(h *host.Host) (*schema.Config, accepted, error) {
	var made accepted
	text, err := h.Read(acceptedPath)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, made, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &made)
	}
	if err != nil {
		return nil, made, fmt.Errorf("reading the configuration in force, %s: %w", acceptedPath, err)
	}
	cfg, _, diags := a.inForceMade.load(made.Sources, made.replaying(a.options(h)))
	if diags.HasErrors() {
		return nil, made, fmt.Errorf("the configuration in force, %s, is not valid any more: %s", acceptedPath, oneLine(&badConfig{diags}, made.Sources))
	}
	return cfg, made, nil
}
