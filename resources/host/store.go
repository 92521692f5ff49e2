package host

import (
	"encoding/json"
	"io/fs"
	"path"
)

// Store writes a value as JSON into a file of hotpair's own, whose directory is
// made where it is missing.
func (h *Host) Store(name string, v any, mode fs.FileMode) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := h.MakeDir(path.Dir(name), 0o755); err != nil {
		return err
	}
	return h.Write(name, append(text, '\n'), mode)
}
