package peer

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// realRsync is what `rsync -aRi --no-implied-dirs …` sends.
const realRsync = "rsync --server -logDtprRe.iLsfxCIvu --log-format=%i --timeout=60 --max-delete=5 --delete-delay --no-implied-dirs . /"

func itoa(i int) string { return strconv.Itoa(i) }

func mknod(path string) error { return syscall.Mknod(path, syscall.S_IFBLK|0o600, 0x101) }

// database is a socket that gives back what it is sent.
func database(t *testing.T, root string) {
	t.Helper()
	must(t, os.MkdirAll(root+"/run/postgresql", 0o777))
	for _, dir := range []string{root, filepath.Dir(root)} { // the server's user enters
		must(t, os.Chmod(dir, 0o755))
	}
	must(t, os.Chmod(root+"/run", 0o755))
	l, err := net.Listen("unix", root+"/run/postgresql/.s.PGSQL.5432")
	must(t, err)
	t.Cleanup(func() { l.Close() })
	must(t, os.Chmod(root+"/run/postgresql/.s.PGSQL.5432", 0o777))
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			go func() {
				defer c.Close()
				io.Copy(c, c)
			}()
		}
	}()
}

func owner(info os.FileInfo) [2]uint32 {
	stat := info.Sys().(*syscall.Stat_t)
	return [2]uint32{stat.Uid, stat.Gid}
}
