package schema

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// A Report is a diagnostic that can be shown: no secret in it, no control
// character. Line and Column count from 1; they are 0 when it concerns a whole
// file.
type Report struct {
	Severity string // "error" or "warning"
	Summary  string
	Detail   string // what is wrong and what to do
	File     string
	Line     int
	Column   int
	Snippet  string // the line of the source, "" if there is none

	indent, width int // of the caret under Snippet, in characters
}

// Render makes diagnostics presentable. Of sources it takes the lines that they
// are about.
func Render(diags hcl.Diagnostics, sources []Source) []Report {
	var out []Report
	masks := map[string][]byte{}
	for _, d := range diags {
		r := Report{Severity: "error", Summary: clean(d.Summary), Detail: clean(d.Detail)}
		if d.Severity == hcl.DiagWarning {
			r.Severity = "warning"
		}
		if d.Subject != nil {
			text := textOf(d, sources)
			if masks[d.Subject.Filename] == nil && d.Subject.Start.Line > 0 {
				masks[d.Subject.Filename] = masked(text)
			}
			r.place(*d.Subject, text, masks[d.Subject.Filename])
		}
		out = append(out, r)
	}
	return out
}

func textOf(d *hcl.Diagnostic, sources []Source) []byte {
	if preset, ok := d.Extra.(Source); ok {
		return preset.Text
	}
	for _, src := range sources {
		if src.Name == d.Subject.Filename {
			return src.Text
		}
	}
	return nil
}

// place finds the line that a report is about, in a source and its masked copy.
func (r *Report) place(at hcl.Range, text, masked []byte) {
	r.File, r.Line, r.Column = clean(at.Filename), at.Start.Line, at.Start.Column
	if r.Line == 0 || at.Start.Byte > len(text) || at.Start.Byte < len(byteOrderMark(text)) {
		return
	}
	start := max(1+bytes.LastIndexByte(text[:at.Start.Byte], '\n'), len(byteOrderMark(text)))
	end := len(text)
	if i := bytes.IndexByte(text[start:], '\n'); i >= 0 {
		end = start + i
	}
	r.Snippet = strings.TrimRight(clean(string(masked[start:end])), " ")
	if r.Snippet == "" {
		return
	}
	stop := min(max(at.End.Byte, at.Start.Byte), end)
	r.indent = utf8.RuneCountInString(clean(string(masked[start:at.Start.Byte])))
	r.width = max(1, utf8.RuneCountInString(clean(string(masked[at.Start.Byte:max(stop, at.Start.Byte)]))))
}

// String lays the report out for a terminal or a log, without colour.
func (r Report) String() string {
	var out strings.Builder
	title := strings.ToUpper(r.Severity[:1]) + r.Severity[1:]
	fmt.Fprintf(&out, "%s: %s\n", title, r.Summary)
	if r.File != "" {
		fmt.Fprintf(&out, "\n  %s\n", r.Place())
	}
	if r.Snippet != "" {
		r.drawSnippet(&out)
	}
	if r.Detail != "" {
		fmt.Fprintf(&out, "\n%s\n", wrap(r.Detail, "  ", 78))
	}
	return out.String()
}

// Place is where it is: FILE:LINE:COLUMN, "platform wazo, line 12" in a preset,
// or FILE where a whole one is meant.
func (r Report) Place() string {
	if r.Line == 0 {
		return r.File
	}
	return placeOf(r.File, r.Line, r.Column)
}

// drawSnippet shows the part of the line that the report is about.
func (r Report) drawSnippet(out *strings.Builder) {
	const most = 96
	line, indent := []rune(r.Snippet), r.indent
	if indent > most/2 && len(line) > most {
		cut := indent - most/2
		line, indent = append([]rune("…"), line[min(cut+1, len(line)):]...), indent-cut
	}
	if len(line) > most {
		line = append(line[:most-1:most-1], '…')
	}
	width := max(1, min(r.width, len(line)-indent))
	gutter := strings.Repeat(" ", len(fmt.Sprint(r.Line)))
	fmt.Fprintf(out, "    %d │ %s\n", r.Line, string(line))
	fmt.Fprintf(out, "    %s │ %s%s\n", gutter, strings.Repeat(" ", indent), strings.Repeat("^", width))
}

// clean replaces what would move the cursor, begin a new line, or turn the
// direction of writing. It keeps the number of characters.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == '\ufeff':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029':
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(text, string(utf8.RuneError)))
}

// wrap breaks a text between words so that no line is longer than width, if
// they allow. What is to be written as it stands is one word.
func wrap(text, indent string, width int) string {
	var out strings.Builder
	const asItStands = "(?:[a-z_]+ \\{[^}]*\\}|[a-z_]+ = (?:\"[^\"]*\"|[^ \"]+)|\"[^\"]*\"|`[^`]*`|[^ ])+"
	column := 0
	for _, word := range regexp.MustCompile(asItStands).FindAllString(text, -1) {
		size := utf8.RuneCountInString(word)
		switch {
		case column == 0:
			out.WriteString(indent)
			column = len(indent)
		case column+1+size > width:
			out.WriteString("\n" + indent)
			column = len(indent)
		default:
			out.WriteByte(' ')
			column++
		}
		out.WriteString(word)
		column += size
	}
	return out.String()
}
