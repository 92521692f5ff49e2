package reconcile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"syscall"

	"github.com/hotpair/hotpair/reconcile/disk"
)

// OriginalsPath is where a copy of each file stands as it was before the first
// change, under the file's own path, for root alone: files can hold passwords.
const OriginalsPath = "/var/lib/hotpair/original"

// A Filer is a Resource that writes files of the node.
type Filer interface {
	Files() []string
}

// File is what is remembered of a file that changes write, so that it can be
// put back to the byte as long as nobody else has changed it.
type File struct {
	By    string      `json:"by"`    // the resource that writes it
	There bool        `json:"there"` // before the first change; then a copy is kept
	Mode  fs.FileMode `json:"mode,omitempty"`
	UID   int         `json:"uid"`
	GID   int         `json:"gid"`
	Left  string      `json:"left,omitempty"` // the digest of what the last change left; "": no file
	// Begun: a change was begun, and how it ended is not known.
	Begun bool `json:"begun,omitempty"`
	// Strayed: somebody else had changed it when a change was begun. Mixed: and the
	// change did not take that back.
	Strayed bool `json:"strayed,omitempty"`
	Mixed   bool `json:"mixed,omitempty"`
}

// Standing of a file, seen from what it was before the first change.
type FileStanding int

// The standings of a file.
const (
	AsFound FileStanding = iota // it is what it was
	AsLeft                      // it is what the last change left
	Changed                     // somebody else has changed it since
)

// begin remembers the files of a thing before a change of it.
func (l *Ledger) begin(d Declared) error {
	for _, name := range filesOf(d.Resource) {
		f, known := l.Files[name]
		if !known {
			var err error
			if f, err = l.keepOriginal(name); err != nil {
				return err
			}
			l.Files[name] = f
		}
		now, err := l.fingerprint(name)
		if err != nil {
			return err
		}
		f.Strayed = f.Strayed || !f.Begun && now != f.Left
		f.By, f.Begun = d.ID.String(), true
	}
	return nil
}

// end remembers what a change of a thing left of its files, or what is there
// and in order. A file that the thing has left altogether is among them.
func (l *Ledger) end(id ID) error {
	for name, f := range l.Files {
		if !f.Begun || f.By != id.String() {
			continue
		}
		now, err := l.fingerprint(name)
		if err != nil {
			return err
		}
		f.Mixed = f.Mixed || f.Strayed && now != f.Left
		f.Left, f.Begun, f.Strayed = now, false, false
	}
	return nil
}

func filesOf(r Resource) []string {
	if f, writes := r.(Filer); writes {
		return f.Files()
	}
	return nil
}

// keepOriginal copies a file, and tells how it was.
func (l *Ledger) keepOriginal(name string) (*File, error) {
	text, there, err := l.root.Look(name)
	if err != nil || !there {
		return &File{}, err
	}
	info, err := os.Stat(l.root.Host(name))
	if err != nil {
		return nil, fmt.Errorf("looking at %s: %w", name, errors.Unwrap(err))
	}
	f := &File{There: true, Mode: info.Mode().Perm(), Left: digest(l.Salt, name, string(text))}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		f.UID, f.GID = int(stat.Uid), int(stat.Gid)
	}
	copied := OriginalsPath + name
	if err := errors.Join(l.root.MakeDir(path.Dir(LedgerPath), 0o755), l.root.MakeDir(path.Dir(copied), 0o700)); err != nil {
		return nil, err
	}
	return f, l.root.Write(copied, text, 0o600)
}

// fingerprint is the digest of a file; "": there is none.
func (l *Ledger) fingerprint(name string) (string, error) {
	text, there, err := l.root.Look(name)
	if err != nil || !there {
		return "", err
	}
	return digest(l.Salt, name, string(text)), nil
}

// Standing tells what a file is now, compared with what it was before the first
// change and what the last one left.
func (l *Ledger) Standing(name string) (FileStanding, error) {
	f, known := l.Files[name]
	if !known {
		return AsFound, nil
	}
	now, err := l.fingerprint(name)
	if err != nil {
		return AsFound, err
	}
	found, err := l.original(name, f)
	switch {
	case err != nil || now == found:
		return AsFound, err
	case f.Mixed || f.Strayed || now != f.Left && !f.Begun:
		return Changed, nil
	}
	return AsLeft, nil
}

func (l *Ledger) original(name string, f *File) (string, error) {
	if !f.There {
		return "", nil
	}
	text, err := l.root.Read(OriginalsPath + name)
	return digest(l.Salt, name, string(text)), err
}

// PutBack makes a file what it was before the first change, owner and mode
// included.
func (l *Ledger) PutBack(name string) error {
	f, known := l.Files[name]
	if !known {
		return nil
	}
	if !f.There {
		return l.root.Remove(name)
	}
	text, err := l.root.Read(OriginalsPath + name)
	if err != nil {
		return err
	}
	return l.root.Restore(name, text, disk.Owner{Mode: f.Mode, UID: f.UID, GID: f.GID})
}
