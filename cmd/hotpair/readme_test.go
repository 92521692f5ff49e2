package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/resources/alert"
	"github.com/hotpair/hotpair/resources/alert/deliver"
	"github.com/hotpair/hotpair/schema"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// console matches a block of commands and what they print.
var console = regexp.MustCompile("(?s)```console\n(.*?)```")

// moment matches what is another at every run: times, and how long it took.
var moment = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?|\d+\.\d{3} s`)

// Every command of the README is run, in order, and prints what stands there.
func TestTheReadmeTellsTheTruth(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"testdata/sandbox", "examples"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join("../..", name))); err != nil {
			t.Fatal(err)
		}
	}
	commands := 0
	for _, block := range console.FindAllStringSubmatch(readme(t), -1) {
		for _, part := range strings.Split("\n"+block[1], "\n$ ")[1:] {
			command, want, _ := strings.Cut(part, "\n")
			commands++
			got := shell(dir, filepath.Dir(binary(t)), command)
			if mask(got) != mask(want) {
				t.Errorf("$ %s\nprints\n%s\nnot\n%s", command, got, want)
			}
		}
	}
	if commands < 8 {
		t.Errorf("only %d commands", commands)
	}
}

func shell(dir, path, command string) string {
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+path+":"+os.Getenv("PATH"))
	out, _ := cmd.CombinedOutput()
	return string(out)
}

func mask(text string) string { return strings.TrimSpace(moment.ReplaceAllString(text, "TIME")) }

// The reference lists the language as it is.
func TestTheReadmeListsEveryArgument(t *testing.T) {
	text := readme(t)
	for _, e := range schema.Reference() {
		preset := ""
		if e.Default != "" {
			preset = "`" + e.Default + "`"
		}
		row := fmt.Sprintf("| `%s` | %s | %s | %s |", e.Path, e.Kind, preset, e.Doc)
		if !strings.Contains(text, row+"\n") {
			t.Errorf("README.md lacks\n%s", row)
		}
	}
}

// It lists the conditions that are told, and the shape of what is posted.
func TestTheReadmeTellsWhatIsTold(t *testing.T) {
	text := readme(t)
	for _, k := range alert.Catalogue() {
		if row := fmt.Sprintf("| `%s` | %s |\n", k.Code, k.Means); !strings.Contains(text, row) {
			t.Errorf("README.md lacks\n%s", row)
		}
	}
	_, shown, _ := strings.Cut(text, "```json\n")
	shown, _, _ = strings.Cut(shown, "```")
	var m deliver.Message
	decoder := json.NewDecoder(strings.NewReader(shown))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil {
		t.Fatal(err)
	}
	again, err := json.MarshalIndent(m, "", "  ")
	if err != nil || string(again)+"\n" != shown || m.Version != deliver.Version {
		t.Errorf("%s\n%v", again, err)
	}
}
