package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Clone makes a second cluster of a copy of the first one's data and
// configuration, which is stopped for as long as that takes. The directory of
// the second one must not have a cluster yet.
func Clone(ctx context.Context, from *Server, o Options) (*Server, error) {
	s := &Server{options: o, programs: from.programs}
	err := s.place()
	if err == nil {
		err = from.Stop()
	}
	for _, name := range []string{dataDir, configDir} {
		err = errors.Join(err, os.MkdirAll(filepath.Dir(s.path(name)), 0o755))
		if err == nil {
			err = copyTree(ctx, from.path(name), s.path(name))
		}
	}
	err = errors.Join(err, from.Restart(ctx))
	if err == nil {
		err = s.prepare(ctx)
	}
	if err == nil {
		err = s.Restart(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func copyTree(ctx context.Context, from, to string) error {
	out, err := exec.CommandContext(ctx, "cp", "--archive", "--reflink=auto", "--no-target-directory", from, to).CombinedOutput()
	if err != nil {
		return fmt.Errorf("copying %s: %w: %s", from, err, out)
	}
	return nil
}
