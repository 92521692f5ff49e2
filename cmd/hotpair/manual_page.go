package main

import (
	"fmt"
	"strings"
)

// page is a page of the manual as it grows, in the macros of man(7).
type page struct{ strings.Builder }

func (p *page) title(name, section, what string) {
	fmt.Fprintf(p, ".TH %s %s \"\" \"hotpair %s\" \"hotpair\"\n", roff(strings.ToUpper(name)), section, roff(version))
	p.section("NAME")
	fmt.Fprintf(p, "%s \\- %s\n", roff(name), roff(strings.ToLower(what[:1])+what[1:]))
}

func (p *page) section(name string) *page {
	fmt.Fprintf(p, ".SH %s\n", roff(name))
	return p
}

func (p *page) synopsis(line string) { fmt.Fprintf(p, ".B %s\n", roff(line)) }

// text is paragraphs; an empty line ends one.
func (p *page) text(s string) {
	for paragraph := range strings.SplitSeq(strings.TrimSpace(s), "\n\n") {
		fmt.Fprintf(p, ".PP\n%s\n", roff(paragraph))
	}
}

// item is a term with what it means.
func (p *page) item(term, what string) { fmt.Fprintf(p, ".TP\n.B %s\n%s\n", roff(term), roff(what)) }

func (p *page) verbatim(s string) {
	fmt.Fprintf(p, ".PP\n.nf\n%s\n.fi\n", roff(strings.TrimRight(s, "\n")))
}

// roff has a text stand as it is: neither a backslash nor a line that begins
// with a dot or a quote means anything, and a hyphen can be copied (groff_char(7)).
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, `-`, `\-`, "\u2026", "...", "\u2013", `\(en`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
