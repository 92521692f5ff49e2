package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// commandsIn are the commands of hotpair in code spans and indented lines, with
// line ends within them undone.
func commandsIn(text string) []string {
	var list []string
	for _, span := range regexp.MustCompile("`(hotpair[^`]*)`").FindAllStringSubmatch(text, -1) {
		list = append(list, strings.Join(strings.Fields(span[1]), " "))
	}
	for _, line := range regexp.MustCompile(`(?m)^    (hotpair \S+)`).FindAllStringSubmatch(text, -1) {
		list = append(list, line[1])
	}
	return list
}

func TestEveryCommandOfTheRunbookIsThere(t *testing.T) {
	list := commandsIn(runbookText)
	if len(list) < 30 {
		t.Fatalf("only %d commands are found", len(list))
	}
	for _, line := range list {
		words := strings.Fields(line)[1:]
		if len(words) > 0 && words[0] == "COMMAND" {
			continue
		}
		root := (&app{}).command()
		c, rest, err := root.Find(words)
		if err != nil || c == root || !c.Runnable() {
			t.Errorf("%q is no command: %v", line, err)
			continue
		}
		if err := c.ParseFlags(rest); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// What the runbook has somebody look for stands in the program's own words: the
// quoted parts of each table's first column.
func TestTheRunbookQuotesWhatIsSaid(t *testing.T) {
	var sources strings.Builder
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		sources.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	quoted := 0
	for _, row := range regexp.MustCompile(`(?m)^\| ([^|]*) \|`).FindAllStringSubmatch(runbookText, -1) {
		for _, quote := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(row[1], -1) {
			quoted++
			if words := strings.TrimSpace(strings.TrimSuffix(quote[1], "…")); !strings.Contains(sources.String(), words) {
				t.Errorf("%q is said nowhere", words)
			}
		}
	}
	if quoted < 20 {
		t.Errorf("only %d quotes are found", quoted)
	}
}
