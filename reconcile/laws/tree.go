package laws

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Tree shows the files below a directory but for logs and hotpair's own memory
// and lock: names, modes and content and, with stamps, inode and times, so that a
// file rewritten with the same content is seen.
func Tree(dir string, stamps bool) string {
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil || rel == "run" || rel == "var/log" || rel == "var/lib/hotpair" {
			return cmp.Or(err, fs.SkipDir)
		}
		if d.IsDir() {
			return nil
		}
		return showFile(&b, path, rel, stamps)
	})
	if err != nil {
		return err.Error()
	}
	return b.String()
}

func showFile(b *strings.Builder, path, rel string, stamps bool) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "%s %s %q", rel, info.Mode(), text)
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && stamps {
		fmt.Fprintf(b, " inode %d modified %d changed %d", stat.Ino, stat.Mtim.Nano(), stat.Ctim.Nano())
	}
	b.WriteByte('\n')
	return nil
}
