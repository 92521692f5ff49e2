package host

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
)

// AppendLine adds a value as a line of JSON to a file of hotpair's own, the
// owner's alone, which loses its older half where it would grow beyond most bytes.
func (h *Host) AppendLine(name string, v any, most int64) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := h.MakeDir(path.Dir(name), 0o755); err != nil {
		return err
	}
	return h.Append(name, line, most, 0o600)
}

// Lines reads such a file, the oldest first; none where it is not there. A line
// that is no such value, as one that a crash cut, is left out.
func Lines[T any](h *Host, name string) ([]T, error) {
	text, err := h.Read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var list []T
	for line := range bytes.Lines(text) {
		var v T
		if json.Unmarshal(line, &v) == nil {
			list = append(list, v)
		}
	}
	return list, err
}
