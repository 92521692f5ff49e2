package main

import (
	"errors"
	"fmt"
	"io"
	"syscall"
)

// output is standard output. It remembers the first write that failed, so that
// `hotpair adopt > file` on a full disk is not taken for done.
type output struct {
	io.Writer
	failed error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if o.failed == nil {
		o.failed = err
	}
	return n, err
}

// lost is the error of an output that is not whole. A reader that has seen
// enough and went away is none.
func (o *output) lost() error {
	if o.failed == nil || errors.Is(o.failed, syscall.EPIPE) {
		return nil
	}
	return &exit{code: exitError, cause: fmt.Errorf("writing standard output: %w", o.failed), changed: true}
}
