package replicate

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path"
	"path/filepath"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate/rows"
)

// KeptDir is where rows of a standby's own are kept before they are lost, for
// root alone.
const KeptDir = "/var/lib/hotpair/kept"

// keeping writes rows into a file whose name says what is in it: the same rows,
// found again by a later run, are the same file.
type keeping struct {
	host   *host.Host
	file   *os.File // nil: none is begun
	buffer *bufio.Writer
	sum    [sha256.Size]byte
	name   string // of the file, once it is safe
}

// Keep adds a row.
func (k *keeping) Keep(row rows.OwnRow) error {
	if k.file == nil {
		if err := k.open(); err != nil {
			return err
		}
	}
	line, err := json.Marshal(row)
	if err != nil {
		return err
	}
	for i, b := range sha256.Sum256(line) {
		k.sum[i] += b // the order of the rows does not matter, how often one is there does
	}
	_, err = k.buffer.Write(append(line, '\n'))
	return err
}

const begun = ".rows-*.hotpair-tmp"

// open begins a file, and clears up after a run that was killed: it had not
// overwritten anything yet.
func (k *keeping) open() error {
	if err := k.host.MakeDir(KeptDir, 0o700); err != nil {
		return err
	}
	left, err := filepath.Glob(filepath.Join(k.host.Host(KeptDir), begun))
	for _, name := range left {
		err = errors.Join(err, os.Remove(name))
	}
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(k.host.Host(KeptDir), begun)
	if err != nil {
		return err
	}
	k.file, k.buffer, k.sum = file, bufio.NewWriter(file), [sha256.Size]byte{}
	return nil
}

// Done puts the file in its place, on the disk.
func (k *keeping) Done() error {
	if k.file == nil {
		return nil
	}
	name := path.Join(KeptDir, "rows-"+hex.EncodeToString(k.sum[:6])+".jsonl")
	file := k.file
	err := errors.Join(k.buffer.Flush(), file.Sync())
	if err == nil {
		err = os.Rename(file.Name(), k.host.Host(name))
	}
	if err == nil {
		err = syncDir(filepath.Dir(file.Name()))
	}
	if err != nil {
		return err
	}
	k.name, k.file = name, nil
	return file.Close()
}

// drop removes a file that was begun and is not needed: nothing was overwritten.
func (k *keeping) drop() {
	if k.file != nil {
		_ = os.Remove(k.file.Name()) // the next run removes it too
		_ = k.file.Close()
		k.file = nil
	}
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
