package schema

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A setting is one argument that somebody set, not yet evaluated.
type setting struct {
	path      string
	attribute attribute
	early     bool
	expr      hclsyntax.Expression
	at        hcl.Range // the argument's name
	from      layer
}

// A layer says whose a setting is. A later one wins.
type layer int

const (
	fromLanguage layer = iota
	fromPlatform
	fromUser
)

// settings are what one file, or several overlaid, set: arguments and blocks by
// their paths.
type settings struct {
	values map[string]setting
	blocks map[string]hcl.Range
}

func newSettings() settings {
	return settings{values: map[string]setting{}, blocks: map[string]hcl.Range{}}
}

// overlay puts over on top, argument by argument.
func (s settings) overlay(over settings) {
	maps.Copy(s.values, over.values)
	maps.Copy(s.blocks, over.blocks)
}

// parse guards against what others wrote. A built-in text needs no guard, which
// takes as long as the parser.
func parse(src Source) (*hclsyntax.Body, hcl.Diagnostics) {
	if text, builtIn := embeddedText(src.Name); !builtIn || !bytes.Equal(text, src.Text) {
		if diags := guard(src); diags.HasErrors() {
			return nil, diags
		}
	}
	file, diags := hclsyntax.ParseConfig(src.Text, src.Name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, syntaxErrors(diags)
	}
	return file.Body.(*hclsyntax.Body), nil
}

// decode reads one file by itself.
func decode(src Source, from layer) (settings, hcl.Diagnostics) {
	d := decoder{settings: newSettings(), from: from, to: userOnly}
	if from == fromPlatform {
		d.to = platformOnly
	}
	body, diags := parse(src)
	if body != nil {
		d.body(body, language(), "")
	}
	return d.settings, append(diags, d.diags...)
}

type decoder struct {
	settings settings
	from     layer
	to       audience // what may stand in this file besides the common words
	diags    hcl.Diagnostics
}

func (d *decoder) body(body *hclsyntax.Body, b block, prefix string) {
	for _, name := range inOrder(body.Attributes) {
		found := body.Attributes[name]
		a, ok := b.attribute(name)
		switch {
		case !ok:
			d.unknownArgument(found, b)
		case !d.admits(a.audience):
			d.misplaced(found.NameRange, join(prefix, name))
		default:
			path := join(prefix, name)
			d.settings.values[path] = setting{path: path, attribute: a, early: isEarly(path, b), expr: found.Expr, at: found.NameRange, from: d.from}
		}
	}
	for _, found := range body.Blocks {
		d.block(found, b, prefix)
	}
}

func (d *decoder) block(found *hclsyntax.Block, in block, prefix string) {
	path := join(prefix, found.Type)
	b, ok := in.block(found.Type)
	if b.labelled() && !d.named(found, b.label) {
		return
	}
	if b.labelled() {
		path = join(path, found.Labels[0])
	}
	first, again := d.settings.blocks[path]
	switch {
	case !ok:
		d.unknownBlock(found, in)
		return
	case !d.admits(b.audience):
		d.misplaced(found.TypeRange, path)
		return
	case len(found.Labels) > 0 && !b.labelled():
		d.add(found.LabelRanges[0], "Unexpected label", fmt.Sprintf("A block %s has no label. Write %s { … }.", found.Type, found.Type))
	case again:
		d.add(found.TypeRange, "Duplicate block", fmt.Sprintf("There is a block %s on line %d already, and only one is allowed in a file. Put everything into that one.", path, first.Start.Line))
	}
	d.settings.blocks[path] = found.TypeRange
	d.body(found.Body, b, path)
}

// named tells whether a block of which there may be several has a name.
func (d *decoder) named(found *hclsyntax.Block, example string) bool {
	at := found.TypeRange
	if len(found.Labels) > 0 {
		at = found.LabelRanges[len(found.LabelRanges)-1]
	}
	switch {
	case len(found.Labels) == 0:
		d.add(at, "Missing name", fmt.Sprintf("There may be several blocks %s, so each has a name. Write %s %q { … }.", found.Type, found.Type, example))
	case len(found.Labels) > 1:
		d.add(at, "More than one name", fmt.Sprintf("A block %s has one name. Write %s %q { … }.", found.Type, found.Type, example))
	case checkName(found.Labels[0]) != "":
		d.add(at, "Unsuitable name", checkName(found.Labels[0]))
	default:
		return true
	}
	return false
}

func isEarly(path string, in block) bool { return in.early || path == "platform" || path == "base" }

func (d *decoder) admits(a audience) bool { return a == everywhere || a == d.to }

func (d *decoder) add(at hcl.Range, summary, detail string) {
	d.diags = append(d.diags, failing(at, summary, detail))
}

func (d *decoder) misplaced(at hcl.Range, path string) {
	if d.to == platformOnly {
		d.add(at, "Not for a platform file", fmt.Sprintf("%s says what one node is, not what a platform is. Write it into ha.hcl.", path))
		return
	}
	d.add(at, "Only for a platform file",
		fmt.Sprintf("%s belongs to the platform. Leave it out, or name a platform file of your own: platform = \"/etc/hotpair/mine.hcl\".", path))
}

func (d *decoder) unknownArgument(found *hclsyntax.Attribute, b block) {
	attributes, blocks := b.names(d.to)
	detail := fmt.Sprintf("An argument named %q is not expected here.%s", found.Name, DidYouMean(found.Name, attributes))
	if slices.Contains(blocks, found.Name) {
		detail = fmt.Sprintf("%s is a block, not an argument. Write %s { … } without =.", found.Name, found.Name)
	} else if DidYouMean(found.Name, attributes) == "" {
		detail += elsewhere(found.Name, b, d.to)
	}
	d.add(found.NameRange, "Unsupported argument", detail)
}

func (d *decoder) unknownBlock(found *hclsyntax.Block, in block) {
	attributes, blocks := in.names(d.to)
	detail := fmt.Sprintf("A block named %q is not expected here.%s", found.Type, DidYouMean(found.Type, blocks))
	if slices.Contains(attributes, found.Type) {
		detail = fmt.Sprintf("%s is an argument, not a block. Write %s = ….", found.Type, found.Type)
	} else if DidYouMean(found.Type, blocks) == "" {
		detail += elsewhere(found.Type, in, d.to)
	}
	d.add(found.TypeRange, "Unsupported block", detail)
}

// elsewhere says where a name belongs that stands in the wrong block, or else
// what may stand in this one.
func elsewhere(name string, here block, to audience) string {
	if path := home(language(), "", name, to); path != "" {
		return " It belongs into " + path + "."
	}
	attributes, blocks := here.names(to)
	return " Here may stand " + alternatives(append(attributes, blocks...)) + "."
}

func inOrder(attributes hclsyntax.Attributes) []string {
	return slices.SortedFunc(maps.Keys(attributes), func(a, b string) int {
		return attributes[a].SrcRange.Start.Byte - attributes[b].SrcRange.Start.Byte
	})
}
