package schema

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/hashicorp/hcl/v2"
)

// A Source is one file of the language. Name is what diagnostics call it.
type Source struct {
	Name string
	Text []byte
}

// Read reads files and directories, of which it takes the files *.hcl in the
// order of their names, without subdirectories. It refuses what somebody else
// than the owner could have written, what is not a regular file, and more than
// 64 KiB.
func Read(paths []string) ([]Source, hcl.Diagnostics) {
	var sources []Source
	var diags hcl.Diagnostics
	for _, path := range paths {
		files, more := filesOf(path)
		diags = append(diags, more...)
		for _, file := range files {
			text, problem := readFile(file)
			if problem != nil {
				diags = append(diags, problem)
				continue
			}
			sources = append(sources, Source{Name: file, Text: text})
		}
	}
	if len(sources) == 0 && !diags.HasErrors() {
		diags = append(diags, failing(wholeFile(strings.Join(paths, ", ")), "No configuration found",
			"There is no file *.hcl here. Write /etc/hotpair/ha.hcl, or name another file with --config."))
	}
	return sources, diags
}

func filesOf(path string) ([]string, hcl.Diagnostics) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, hcl.Diagnostics{unreadable(path, err)}
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, hcl.Diagnostics{unreadable(path, err)}
	}
	var files []string
	for _, entry := range entries {
		name := filepath.Join(path, entry.Name())
		if !strings.HasSuffix(name, ".hcl") || strings.HasPrefix(entry.Name(), ".") || isDir(name) {
			continue
		}
		files = append(files, name)
	}
	return files, nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// readFile looks at the file that it has opened, not at the name, which may
// mean another file by then. Opening does not wait for a FIFO's writer.
func readFile(path string) ([]byte, *hcl.Diagnostic) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, unreadable(path, err)
	}
	if problem := untrusted(path, info); problem != nil {
		return nil, problem
	}
	text, err := io.ReadAll(io.LimitReader(file, mostBytes+1))
	if err != nil {
		return nil, unreadable(path, err)
	}
	if len(text) > mostBytes {
		return nil, tooLarge(path)
	}
	return text, nil
}

// untrusted tells why what the file says may not be its reader's will: somebody
// else could have written it, or could put another one in its place.
func untrusted(path string, info fs.FileInfo) *hcl.Diagnostic {
	if !info.Mode().IsRegular() {
		return failing(wholeFile(path), "Not a regular file",
			"A configuration is a regular file, this is something else. Replace it, or name another with --config.")
	}
	if mode := info.Mode().Perm(); mode&0o022 != 0 {
		return failing(wholeFile(path), "Others may write this file",
			fmt.Sprintf("Its mode is %04o: whoever can write it can change what runs as root on both nodes. Run `chmod go-w %s`.", mode, path))
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Uid != 0 && int(stat.Uid) != os.Geteuid() {
		return failing(wholeFile(path), "Somebody else's file",
			fmt.Sprintf("It belongs to user %d, who can change what runs here with your rights. Run `chown root %s`.", stat.Uid, path))
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o002 != 0 && info.Mode()&fs.ModeSticky == 0 {
		return failing(wholeFile(path), "Others may replace this file",
			fmt.Sprintf("Everybody can write to its directory. Run `chmod o-w %s`.", dir))
	}
	return nil
}

func unreadable(path string, err error) *hcl.Diagnostic {
	return failing(wholeFile(path), "Unreadable configuration",
		fmt.Sprintf("reading %s: %s. Check that it exists and that you may read it.", path, cause(err)))
}
