package replicate

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"github.com/hotpair/hotpair/resources/host"
)

// Recent gives what the history records from one question to the next, by
// whichever process.
type Recent struct {
	Host  *host.Host
	begun bool
	seen  os.FileInfo // the history when it was last read; nil: there was none
	last  []byte      // its last line
}

// Runs are those recorded since the last call; at the first there are none. The
// history is read only where it changed, and of that only what is new is parsed.
func (r *Recent) Runs() (list []Entry, err error) {
	now, err := os.Lstat(r.Host.Host(HistoryPath))
	if errors.Is(err, fs.ErrNotExist) {
		r.begun = true
		return nil, nil
	}
	if err != nil || host.Unchanged(r.seen, now) {
		return nil, err
	}
	text, err := r.Host.Read(HistoryPath)
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(r.fresh(text)) {
		var e Entry
		if r.begun && json.Unmarshal(line, &e) == nil && !e.At.IsZero() {
			list = append(list, e)
		}
		r.last = bytes.Clone(line)
	}
	r.begun, r.seen = true, now
	return list, nil
}

// fresh is what a history has after the last line that was read; all of it where
// that line has gone since.
func (r *Recent) fresh(text []byte) []byte {
	if at := bytes.LastIndex(text, r.last); at >= 0 && len(r.last) > 0 {
		return text[at+len(r.last):]
	}
	return text
}
