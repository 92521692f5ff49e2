package replicate

import (
	"errors"
	"io/fs"
	"os"
	"slices"

	"github.com/hotpair/hotpair/resources/host"
)

// Recent gives what the history records from one question to the next, by
// whichever process.
type Recent struct {
	Host  *host.Host
	begun bool
	seen  os.FileInfo // the history when it was last read; nil: there was none
	last  Entry       // its last
}

// Runs are those recorded since the last call; at the first there are none. The
// history is read only where it changed.
func (r *Recent) Runs() ([]Entry, error) {
	now, err := os.Lstat(r.Host.Host(historyPath))
	if errors.Is(err, fs.ErrNotExist) {
		r.begun = true
		return nil, nil
	}
	if err != nil || r.same(now) {
		return nil, err
	}
	list, err := History(r.Host)
	if err != nil {
		return nil, err
	}
	fresh := list[r.known(list):]
	if !r.begun {
		fresh = nil
	}
	r.begun, r.seen = true, now
	if len(list) > 0 {
		r.last = list[len(list)-1]
	}
	return fresh, nil
}

func (r *Recent) same(now os.FileInfo) bool {
	return r.seen != nil && os.SameFile(now, r.seen) && now.ModTime().Equal(r.seen.ModTime()) && now.Size() == r.seen.Size()
}

// known is how many of a list were there at the last call; 0 where the last of them
// has gone since.
func (r *Recent) known(list []Entry) int {
	for i, e := range slices.Backward(list) {
		if e.At.Equal(r.last.At) && e.What == r.last.What && e.Result == r.last.Result {
			return i + 1
		}
	}
	return 0
}
