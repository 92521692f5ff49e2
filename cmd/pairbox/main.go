// Command pairbox makes a pair in a box: two sandboxed nodes on one machine,
// for trying hotpair and for its demonstration. It needs the hotpair program, the
// skeleton of a node, and PostgreSQL, and as root sshd, ssh and rsync, and removes
// what it made.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// options are what the command line says.
type options struct{ hotpair, skeleton, keep string }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	var o options
	flag.StringVar(&o.hotpair, "hotpair", "bin/hotpair", "the hotpair program")
	flag.StringVar(&o.skeleton, "skeleton", "testdata/sandbox/wazo", "the skeleton of a node")
	flag.StringVar(&o.keep, "keep", "", "make the pair in this directory and leave it there")
	flag.Usage = usage
	flag.Parse()
	if flag.NArg() != 1 || flag.Arg(0) != "demo" {
		usage()
		os.Exit(2)
	}
	err := demo(ctx, os.Stdout, o)
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "Interrupted. What ran in the box has ended.")
		os.Exit(130)
	case err != nil:
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "pairbox makes a pair in a box.\n\nUsage:\n  pairbox [flags] demo    walk through a pair's life\n\nFlags:")
	flag.PrintDefaults()
}

// demo makes a pair, tells its story, and removes it.
func demo(ctx context.Context, out io.Writer, o options) error {
	left := "the box is left in " + o.keep
	if o.keep == "" {
		left = "the box is gone"
		temp, err := os.MkdirTemp("", "pairbox")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temp)
		o.keep = temp
	}
	if err := os.MkdirAll(o.keep, 0o755); err != nil {
		return err
	}
	if err := os.Chmod(o.keep, 0o755); err != nil { // the database's user enters it
		return err
	}
	p, err := newPair(ctx, o)
	defer p.end()
	if err != nil {
		return err
	}
	if err := tell(ctx, out, p); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThat was all. Nothing outside the box was touched, and %s.\n", left)
	return nil
}
