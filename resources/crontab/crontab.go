// Package crontab reads and edits cron files as they stand in /etc/cron.d
// (crontab(5)): a schedule, a user and a command on a line. It keeps to the
// byte what it is not asked to change, and never runs or interprets a command.
package crontab

import (
	"slices"
	"strings"

	"github.com/hotpair/hotpair/resources/pattern"
)

// File is a cron file, line by line.
type File []Line

// Line is one line of a cron file.
type Line struct {
	Text   string // with its line ending
	Job    *Job   // nil: a comment, a variable, blank, or not understood
	Paused bool   // the job is commented out
}

// Parse reads a cron file. Every line is kept, also what is not understood.
func Parse(text []byte) File {
	var f File
	for line := range strings.Lines(string(text)) {
		f = append(f, parseLine(line))
	}
	return f
}

// pause matches what comments a line out.
var pause = pattern.Lazy(`^[ \t]*#[# \t]*`)

func parseLine(line string) Line {
	mark := pause().FindString(line)
	job := parseJob(line[len(mark):])
	return Line{Text: line, Job: job, Paused: job != nil && mark != ""}
}

// Bytes is the file's content.
func (f File) Bytes() []byte {
	var b strings.Builder
	for _, l := range f {
		b.WriteString(l.Text)
	}
	return []byte(b.String())
}

// Blank tells whether nothing but white space is left.
func (f File) Blank() bool { return strings.TrimSpace(string(f.Bytes())) == "" }

// Append adds a line at the end, ending the one before where need be.
func (f File) Append(line string) File {
	f = slices.Clone(f)
	if n := len(f); n > 0 && !strings.HasSuffix(f[n-1].Text, "\n") {
		f[n-1].Text += "\n"
	}
	return append(f, parseLine(line+"\n"))
}

// Read tells whether cron reads a file of this name in /etc/cron.d: letters,
// digits, underscores and hyphens only (cron(8), Debian).
func Read(name string) bool { return readable().MatchString(name) }

var readable = pattern.Lazy(`^[A-Za-z0-9_-]+$`)
