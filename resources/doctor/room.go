package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"syscall"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
)

// The room below which something is said: always below least, and below
// enough where that is less than a twentieth of the disk.
const (
	least  = 256 << 20 // bytes
	enough = 2 << 30   // bytes
)

func diskRoom(ctx context.Context, l *look) verdict {
	var amiss []string
	fullest := ""
	seen := map[uint64]bool{}
	for _, dir := range l.directories(ctx) {
		place := l.existing(dir)
		info, err := os.Stat(place)
		if err != nil {
			return unknown(err)
		}
		stat, is := info.Sys().(*syscall.Stat_t)
		if is && seen[stat.Dev] {
			continue
		}
		if is {
			seen[stat.Dev] = true
		}
		short, err := shortOf(place)
		switch {
		case err != nil:
			return unknown(err)
		case short != "":
			amiss, fullest = append(amiss, fmt.Sprintf("%s of %s are free", short, place)), place
		}
	}
	return either(amiss, fmt.Sprintf("make room: `du -x -h -d 2 %s | sort -h | tail -n 20` shows what takes it", host.Quoted(fullest)), "%s with room", plural(len(seen), "disk"))
}

// directories are what must have room.
func (l *look) directories(ctx context.Context) []string {
	list := append([]string{path.Dir(reconcile.LedgerPath)}, l.Config.Replication.Directories...)
	data := ""
	err := l.query(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, `SELECT current_setting('data_directory')`).Scan(&data)
	})
	if err == nil {
		list = append(list, l.Node.Host.Inside(data))
	}
	return list
}

// existing is a directory on this machine or, until it is made, the one above.
func (l *look) existing(dir string) string {
	for ; dir != "/"; dir = path.Dir(dir) {
		if _, err := os.Stat(l.Node.Host.Host(dir)); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return l.Node.Host.Host(dir)
}

// shortOf tells how little is left of a disk's blocks or inodes (statfs(2)); "":
// enough.
func shortOf(place string) (string, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(place, &s); err != nil {
		return "", fmt.Errorf("%s: %w", place, err)
	}
	free, size := s.Bavail*uint64(s.Bsize), s.Blocks*uint64(s.Bsize)
	switch {
	case free < least || free < enough && free < size/20:
		return fmt.Sprintf("only %d of %d MiB", free>>20, size>>20), nil
	case s.Files > 0 && s.Ffree < s.Files/100:
		return fmt.Sprintf("only %d of %d inodes", s.Ffree, s.Files), nil
	}
	return "", nil
}
