package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/schema"
)

// app is one run of the program: its global flags and where it prints.
type app struct {
	stdio
	config             []string
	root               string
	json, noColor      bool
	logLevel, logStyle string
	log                *slog.Logger
	name               string       // of the command
	notes              *slog.Logger // of what it changed, for the record; nil: nothing yet
	noted              func()       // ends them
	clients            resources.Clients
	read               accepted // the configuration as read last; diagnostics show its lines
	made, inForceMade  loaded   // the configuration read last, and the one in force
	quiet              bool     // warnings of ha.hcl are left to plan, apply and validate
	details            bool     // a plan shows every attribute
	greeted            bool     // --json: the version line has been written
}

func (a *app) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&a.config, "config", nil, "`PATH` of a file or directory to read instead of /etc/hotpair/ha.hcl and ha.d; repeatable, later ones win")
	f.StringVar(&a.root, "root", "/", "`DIR` that holds the node's files and commands, for sandboxes and images")
	f.BoolVar(&a.json, "json", false, "print one JSON object a line")
	f.BoolVar(&a.noColor, "no-color", false, "print without colour, as with NO_COLOR set")
	f.StringVar(&a.logLevel, "log-level", "warn", "`LEVEL`: debug, info, warn or error")
	f.StringVar(&a.logStyle, "log-format", "auto", "`STYLE` of log lines on standard error: auto, text or json")
}

func (a *app) setUp() error {
	if a.root == "" {
		return errors.New("--root is empty: name a directory, or leave it out for this node itself")
	}
	log, err := newLogger(a.err, a.logLevel, a.logStyle, a.colour(a.err))
	a.log = log
	return err
}

// colour tells whether a stream takes colour.
func (a *app) colour(w io.Writer) bool {
	return !a.noColor && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(w)
}

func isTerminal(stream any) bool {
	if o, is := stream.(*output); is {
		stream = o.Writer
	}
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// complain says what went wrong and that nothing was changed, on standard
// error, or as diagnostics. An apply in part has spoken for itself.
func (a *app) complain(err error) {
	if err == nil || err.Error() == "" {
		return
	}
	var bad *badConfig
	switch {
	case errors.As(err, &bad):
		a.diagnose(bad.diags)
	case a.json:
		a.emit("error", err.Error(), "diagnostic", map[string]any{"diagnostic": map[string]any{"severity": "error", "summary": err.Error()}})
	default:
		fmt.Fprintf(a.err, "%s %s\n", paint(a.colour(a.err), red, "Error:"), clean(err.Error()))
		if errors.Is(err, fs.ErrPermission) && os.Geteuid() != 0 {
			fmt.Fprintln(a.err, "A node's files are root's: run hotpair as root.")
		}
	}
	var e *exit
	switch known := errors.As(err, &e); {
	case a.json, known && e.changed:
	case known && e.remote:
		fmt.Fprintln(a.err, nothingSent)
	default:
		fmt.Fprintln(a.err, nothingChanged)
	}
}

const (
	nothingChanged = "Nothing was changed."
	nothingSent    = "Nothing was changed on the standby."
)

// badConfig is an ha.hcl that cannot be used.
type badConfig struct{ diags hcl.Diagnostics }

func (b *badConfig) Error() string { return b.diags.Error() }

// diagnose prints diagnostics with the lines that they speak of.
func (a *app) diagnose(diags hcl.Diagnostics) {
	for _, report := range schema.Render(diags, a.read.Sources) {
		if !a.json {
			fmt.Fprintln(a.err, report)
			continue
		}
		a.emit(jsonLevel(report.Severity), report.Summary, "diagnostic", map[string]any{"diagnostic": map[string]any{
			"severity": report.Severity, "summary": report.Summary, "detail": report.Detail,
			"range": map[string]any{"filename": report.File, "line": report.Line, "column": report.Column}, "snippet": report.Snippet,
		}})
	}
}

func jsonLevel(severity string) string {
	if severity == "warning" {
		return "warn"
	}
	return severity
}
