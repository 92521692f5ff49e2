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

// keptDir is where rows of a standby's own are kept before they are lost, for
// root alone.
const keptDir = "/var/lib/hotpair/kept"

// keeping writes rows into a file whose name says what is in it: the same rows,
// found again by a later run, are the same file.
type keeping struct {
	host   *host.Host
	file   *os.File
	buffer *bufio.Writer
	sum    [sha256.Size]byte
}

// keep adds a row.
func (k *keeping) keep(row rows.OwnRow) error {
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
		k.sum[i] ^= b // the order of the rows does not matter
	}
	_, err = k.buffer.Write(append(line, '\n'))
	return err
}

func (k *keeping) open() error {
	if err := k.host.MakeDir(keptDir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(k.host.Host(keptDir), ".rows-*.hotpair-tmp")
	if err != nil {
		return err
	}
	k.file, k.buffer = file, bufio.NewWriter(file)
	return nil
}

// close puts the file in its place and gives its name; "": there was no row.
func (k *keeping) close() (string, error) {
	if k.file == nil {
		return "", nil
	}
	name := path.Join(keptDir, "rows-"+hex.EncodeToString(k.sum[:6])+".jsonl")
	err := errors.Join(k.buffer.Flush(), k.file.Sync(), k.file.Close())
	if err == nil {
		err = os.Rename(k.file.Name(), k.host.Host(name))
	}
	if err == nil {
		err = syncDir(filepath.Dir(k.file.Name()))
	}
	if err != nil {
		return "", errors.Join(err, os.Remove(k.file.Name()))
	}
	return name, nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
