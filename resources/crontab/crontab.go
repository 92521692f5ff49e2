// Package crontab reads and edits cron files as they stand in /etc/cron.d
// (crontab(5)): a schedule, a user and a command on a line. It keeps to the
// byte what it is not asked to change, and never runs or interprets a command.
package crontab

import (
	"regexp"
	"strings"
)

// File is a cron file, line by line.
type File []Line

// Line is one line of a cron file.
type Line struct {
	Text   string // with its line ending
	Job    *Job   // nil: a comment, a variable, blank, or not understood
	Paused bool   // the job is commented out
}

// Job is an entry of a cron file.
type Job struct {
	Schedule string // fields separated by single spaces
	User     string
	Words    []string // of the command, up to the first redirection or operator
}

// entry matches a schedule, a user and a command; the groups are the schedule,
// the user and the command.
var entry = regexp.MustCompile(`^[ \t]*((?:@[a-z]+)|(?:[0-9A-Za-z*,/-]+(?:[ \t]+[0-9A-Za-z*,/-]+){4}))[ \t]+([A-Za-z_][A-Za-z0-9_-]*)[ \t]+(.*)$`)

// pause matches what comments a line out.
var pause = regexp.MustCompile(`^[ \t]*#[# \t]*`)

// Parse reads a cron file. Every line is kept, also what is not understood.
func Parse(text []byte) File {
	var f File
	for line := range strings.Lines(string(text)) {
		f = append(f, parseLine(line))
	}
	return f
}

func parseLine(line string) Line {
	content := strings.TrimRight(line, "\r\n")
	if job := parseJob(content); job != nil {
		return Line{Text: line, Job: job}
	}
	if mark := pause.FindString(content); mark != "" {
		return Line{Text: line, Job: parseJob(content[len(mark):]), Paused: true}
	}
	return Line{Text: line}
}

func parseJob(content string) *Job {
	m := entry.FindStringSubmatch(content)
	if m == nil {
		return nil
	}
	return &Job{Schedule: strings.Join(strings.Fields(m[1]), " "), User: m[2], Words: words(m[3])}
}

// words splits a command up to its first redirection, pipe or list operator.
func words(command string) []string {
	if end := strings.IndexAny(command, "<>|;&"); end >= 0 {
		command = strings.TrimRight(command[:end], "0123456789")
	}
	return strings.Fields(command)
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
	if n := len(f); n > 0 && !strings.HasSuffix(f[n-1].Text, "\n") {
		f[n-1].Text += "\n"
	}
	return append(f, parseLine(line+"\n"))
}

// With returns the job's line with another schedule, user and words in the
// place of its own; spacing and whatever follows the words stay.
func (l Line) With(schedule, user string, words []string) Line {
	m := entry.FindStringSubmatchIndex(strings.TrimRight(l.Text, "\r\n"))
	if m == nil || len(words) != len(l.Job.Words) {
		return l
	}
	command := l.Text[m[6]:]
	var b strings.Builder
	b.WriteString(l.Text[:m[2]] + schedule + l.Text[m[3]:m[4]] + user + l.Text[m[5]:m[6]])
	for i, old := range l.Job.Words {
		at := strings.Index(command, old)
		b.WriteString(command[:at] + words[i])
		command = command[at+len(old):]
	}
	b.WriteString(command)
	return parseLine(b.String())
}

// Read tells whether cron reads a file of this name in /etc/cron.d: letters,
// digits, underscores and hyphens only (cron(8), Debian).
func Read(name string) bool { return readable.MatchString(name) }

var readable = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
