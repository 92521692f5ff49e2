package nspawn

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// packages are what a node of a pair has of Debian's.
func packages() []string {
	return []string{"systemd", "systemd-sysv", "dbus", "cron", "postgresql", "rsync", "openssh-client", "openssh-server", "iproute2", "bash-completion", "man-db"}
}

// Root gives a Debian of this machine's release, made from the packages that its
// apt is configured to take, and kept in the user's cache directory: nobody writes
// to it. To make it takes about a minute.
func Root(ctx context.Context) (string, error) {
	release, err := codename()
	if err != nil {
		return "", err
	}
	sources, err := sourcesOf(release)
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	key := sha256.Sum256([]byte(release + strings.Join(packages(), " ")))
	dir := filepath.Join(cache, "hotpair", "debian-"+hex.EncodeToString(key[:8]))
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return dir, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	making, err := os.MkdirTemp(filepath.Dir(dir), "making")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(making)
	root := filepath.Join(making, "root")
	args := append([]string{"--quiet", "--variant=minbase", "--include=" + strings.Join(packages(), ","), release, root}, sources...)
	if out, err := exec.CommandContext(ctx, "mmdebstrap", args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("mmdebstrap: %w: %s", err, out)
	}
	return dir, os.Rename(root, dir)
}

// codename is that of this machine's Debian (os-release(5)).
func codename() (string, error) {
	text, err := os.ReadFile("/etc/os-release")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if name, is := strings.CutPrefix(line, "VERSION_CODENAME="); is {
			return strings.Trim(strings.TrimSpace(name), `"`), nil
		}
	}
	return "", errors.New("/etc/os-release names no VERSION_CODENAME: a Debian is needed")
}

// sourcesOf lists the files of apt's that name a release's packages; others are
// somebody else's (sources.list(5)).
func sourcesOf(release string) ([]string, error) {
	var found []string
	for _, pattern := range []string{"/etc/apt/sources.list", "/etc/apt/sources.list.d/*.list", "/etc/apt/sources.list.d/*.sources"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if names, err := mentions(file, release); err != nil {
				return nil, err
			} else if names {
				found = append(found, file)
			}
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no file below /etc/apt names the packages of %s", release)
	}
	return found, nil
}

func mentions(file, release string) (bool, error) {
	f, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer f.Close()
	scanner := bufio.NewScanner(f)
	for scanner.Scan() {
		if line := scanner.Text(); !strings.HasPrefix(line, "#") && slices.Contains(strings.Fields(line), release) {
			return true, nil
		}
	}
	return false, scanner.Err()
}
