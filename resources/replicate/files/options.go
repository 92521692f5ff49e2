package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/resources/host"
)

// Options say what follows, and how the peer is reached.
type Options struct {
	Host        *host.Host // this node, the master
	Directories []string   // absolute, clean, none inside another
	Exclude     []string   // anchored absolute patterns with *, ? and [], none of which matches a /
	// MaxDelete is how many percent of what the standby has one run may delete.
	// 25 files may always be deleted.
	MaxDelete int
	Shell     []string // what rsync reaches the peer by, as ssh(1); no argument holds a space
	Peer      string   // user@address
	// Open opens a session on the peer; the request "files" runs Serve there.
	Open     func(ctx context.Context, request string) (net.Conn, error)
	Progress func(done, total int64) // bytes of content; may be nil
}

// The verbs of a Change.
const (
	Create     = "create"
	Update     = "update"
	Delete     = "delete"
	Attributes = "attributes" // owner, mode or time alone
)

// A Change is what is done, or would be done, to one path of the standby.
type Change struct {
	Path string
	Verb string
	Size int64 // bytes of a file's new content, else 0
}

// A Result is what a run found and did.
type Result struct {
	Changes []Change
	Looked  int      // paths compared, or looked at
	Bytes   int64    // of content, copied or to be copied
	Missing []string // declared directories that this node has not; they are left alone on the standby
	Again   []string // files that changed while they were read: to be sent again
}

// ErrDeletes is what a DeletesError is.
var ErrDeletes = errors.New("too much would be deleted on the standby")

// A DeletesError tells that nothing was deleted since it would have been too
// much: the master may have lost its files.
type DeletesError struct {
	Deletes, Of, Percent int
	Emptied              string // the directory that is empty here, if it is that
}

func (e *DeletesError) Error() string {
	const first = "None was deleted, and the standby may hold the only good copy. See first what happened on the master; only if its state is right, run `hotpair replicate files --accept-master`, which holds for that run alone"
	if e.Emptied != "" {
		return fmt.Sprintf("%s: %s is empty here, as where something is not mounted, and the standby has %d files and directories in it. %s", ErrDeletes, e.Emptied, e.Deletes, first)
	}
	return fmt.Sprintf("%s: %d of %d files and directories, where max_delete allows %d percent. "+first,
		ErrDeletes, e.Deletes, e.Of, e.Percent)
}

func (e *DeletesError) Unwrap() error { return ErrDeletes }

// alwaysDeleted is what the guard never holds up.
const alwaysDeleted = 25

// allowed is how many of what the standby has may be deleted.
func allowed(have, percent int) int { return max(alwaysDeleted, have*percent/100) }

// ready checks the options and tells which directories this node has.
func (o Options) ready() (there, missing []string, err error) {
	if err := checkDirectories(o.Directories); err != nil {
		return nil, nil, err
	}
	for _, dir := range o.Directories {
		info, err := os.Stat(o.Host.Host(dir))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, dir)
		case err != nil:
			return nil, nil, fmt.Errorf("looking at %s: %w", dir, cause(err))
		case !info.IsDir():
			return nil, nil, fmt.Errorf("looking at %s: it is not a directory", dir)
		default:
			there = append(there, dir)
		}
	}
	return there, missing, nil
}

func checkDirectories(directories []string) error {
	for i, dir := range directories {
		if !clean(dir) || dir == "/" {
			return fmt.Errorf("directory %q: the path is not absolute and clean", dir)
		}
		others := slices.Concat(directories[:i], directories[i+1:])
		if holder, _ := within(others, dir); holder != "" {
			return fmt.Errorf("directory %s lies inside %s: name one of them", dir, holder)
		}
	}
	return nil
}

func clean(name string) bool {
	return path.IsAbs(name) && path.Clean(name) == name && !strings.ContainsRune(name, 0)
}

// within gives the directory that a path is or lies in, and its name there.
func within(directories []string, name string) (dir, rel string) {
	for _, dir := range directories {
		if name == dir {
			return dir, "."
		}
		if rest, below := strings.CutPrefix(name, dir+"/"); below {
			return dir, rest
		}
	}
	return "", ""
}

// cause is what went wrong with a path, without the path.
func cause(err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		return p.Err
	case errors.As(err, &l):
		return l.Err
	}
	return err
}
