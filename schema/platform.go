package schema

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

//go:embed platforms/*.hcl profiles/*.hcl
var embedded embed.FS

const presetName = "platform "

// Platforms are the names of the presets, in alphabetical order.
func Platforms() []string { return embeddedIn("platforms") }

func embeddedIn(dir string) []string {
	entries, err := embedded.ReadDir(dir)
	if err != nil {
		return nil
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = strings.TrimSuffix(entry.Name(), ".hcl")
	}
	slices.Sort(names)
	return names
}

// PlatformText is a preset as it was written, and whether there is one of that
// name.
func PlatformText(name string) ([]byte, bool) {
	return embeddedText(presetName + name)
}

// platformOf finds the platform that the user's settings name.
func platformOf(user settings, o Options) (Source, hcl.Diagnostics) {
	s, set := user.values["platform"]
	if !set {
		s = presets().values["platform"]
	}
	vs, diags := evaluate(settings{values: map[string]setting{"platform": s}}, o)
	if diags.HasErrors() {
		return Source{}, diags
	}
	name := vs.text("platform")
	if text, ok := PlatformText(name); ok {
		return Source{Name: presetName + name, Text: text}, nil
	}
	if o.ReadFile == nil {
		return Source{}, hcl.Diagnostics{failing(s.expr.Range(), "Unreadable platform",
			"No file can be read here. Name one of "+alternatives(Platforms())+".")}
	}
	text, err := o.ReadFile(name)
	if err != nil {
		return Source{}, hcl.Diagnostics{failing(s.expr.Range(), "Unreadable platform",
			fmt.Sprintf("reading %s: %s. Check that it exists and that you may read it, or name one of %s.", quote(name), cause(err), alternatives(Platforms())))}
	}
	return Source{Name: name, Text: text}, nil
}

// layersOf overlays a platform on the presets that it is based on, and gives
// their texts.
func layersOf(platform Source, o Options) (settings, []Source, hcl.Diagnostics) {
	layers := []Source{platform}
	upper, diags := decode(platform, fromPlatform)
	base, based := upper.values["base"]
	if diags.HasErrors() || !based {
		return upper, layers, diags
	}
	vs, diags := evaluate(settings{values: map[string]setting{"base": base}}, o)
	if diags.HasErrors() {
		return upper, layers, diags
	}
	name := vs.text("base")
	text, _ := PlatformText(name)
	lower, more, diags := layersOf(Source{Name: presetName + name, Text: text}, o)
	lower.overlay(upper)
	return lower, append(layers, more...), diags
}

// placeOf is FILE:LINE:COLUMN. A preset is no file that an editor opens, so its
// place is spelled out.
func placeOf(file string, line, column int) string {
	if _, err := fs.Stat(embedded, embeddedPath(file)); err == nil {
		return fmt.Sprintf("%s, line %d", file, line)
	}
	return fmt.Sprintf("%s:%d:%d", file, line, column)
}

// embeddedText is the text of a preset or of built-in profiles, by the name that
// diagnostics call it.
func embeddedText(name string) ([]byte, bool) {
	text, err := embedded.ReadFile(embeddedPath(name))
	return text, err == nil
}

// embeddedPath is where such a text would be; "": it is none.
func embeddedPath(name string) string {
	if platform, is := strings.CutPrefix(name, presetName); is {
		return "platforms/" + platform + ".hcl"
	}
	if profiles, is := strings.CutPrefix(name, profilesName); is {
		return "profiles/" + profiles + ".hcl"
	}
	return ""
}

// origins says where each setting and block stands.
func origins(s settings) map[string]string {
	out := map[string]string{}
	say := func(path string, at hcl.Range) {
		if at.Filename != "" {
			out[path] = placeOf(at.Filename, at.Start.Line, at.Start.Column)
		}
	}
	for path, at := range s.blocks {
		say(path, at)
	}
	for path, set := range s.values {
		say(path, set.at)
	}
	return out
}
