package provd

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
)

// readAll reads one compact JSON document a file, named by its id.
func readAll(dir, kind string) (map[string]Document, error) {
	all := map[string]Document{}
	entries, err := os.ReadDir(filepath.Join(dir, kind))
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, kind, entry.Name()))
		if err != nil {
			return nil, err
		}
		if all[entry.Name()], err = decode(text); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// store keeps a document in memory and on disk; the caller holds the lock.
func (s *Server) store(kind, id string, d Document) error {
	if kind == "configs" {
		s.configs[id] = d
	} else {
		s.devices[id] = d
	}
	return write(s.options.Dir, kind, id, d)
}

func (s *Server) remove(id string) error {
	delete(s.configs, id)
	return os.Remove(filepath.Join(s.options.Dir, "configs", id))
}

func write(dir, kind, id string, d Document) error {
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, kind, id), text, 0o644)
}

func decode(text []byte) (Document, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var document Document
	err := d.Decode(&document)
	if err == nil && document == nil {
		err = errors.New("no object")
	}
	return document, err
}
