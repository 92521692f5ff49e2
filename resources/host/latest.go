package host

import (
	"os"
	"slices"
)

// Latest is the last of what a file of the node tells, which is read again only
// where the file changed.
type Latest[T any] struct {
	Host *Host
	Path string
	Read func(h *Host) ([]T, error) // what the file tells, the oldest first
	Most int                        // how much is kept

	seen os.FileInfo
	last []T
}

// List is the last of it, the oldest first.
func (l *Latest[T]) List() ([]T, error) {
	now, err := os.Lstat(l.Host.Host(l.Path))
	if err == nil && Unchanged(l.seen, now) {
		return l.last, nil
	}
	list, wrong := l.Read(l.Host)
	if l.seen = nil; err == nil && wrong == nil {
		l.seen = now
	}
	l.last = slices.Clone(list[max(0, len(list)-l.Most):])
	return l.last, wrong
}

// Unchanged tells whether a file is what it was at an earlier look; nil: there
// was none.
func Unchanged(was, now os.FileInfo) bool {
	return was != nil && os.SameFile(was, now) && now.ModTime().Equal(was.ModTime()) && now.Size() == was.Size()
}
