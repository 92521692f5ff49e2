package schema

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Options are what schema needs of the world.
type Options struct {
	Own      []netip.Addr                      // this node's addresses; the peer's is none of them
	ReadFile func(path string) ([]byte, error) // behind file() and a platform that is named by its path; nil refuses both
	Getenv   func(name string) string          // behind env(); nil: everything is empty
	Box      bool                              // the node is a sandbox, whose peer may be on the same machine
}

// Load makes a Config of the sources, of which later ones win over earlier
// ones, argument by argument, and all of them over the platform's preset. The
// Config is nil when there are errors; warnings may come with one.
func Load(sources []Source, o Options) (*Config, hcl.Diagnostics) {
	if len(sources) == 0 {
		return nil, hcl.Diagnostics{failing(wholeFile("ha.hcl"), "No configuration", "There is nothing to read. Write /etc/hotpair/ha.hcl.")}
	}
	var all, known settings
	var texts []Source
	var own sync.WaitGroup // what the program brings along is read meanwhile
	own.Go(func() { all = presets(); known, texts = builtIn() })
	defer own.Wait()
	user, diags := decodeAll(sources)
	if diags.HasErrors() {
		return nil, inPlace(diags, nil)
	}
	named, diags := platformOf(user, o)
	if diags.HasErrors() {
		return nil, inPlace(diags, nil)
	}
	platform, layers, diags := layersOf(named, o)
	if diags.HasErrors() {
		return nil, inPlace(diags, layers)
	}
	own.Wait()
	all.overlay(known)
	all.overlay(platform)
	all.overlay(user)
	all.complete()
	c, diags := build(all, o, wholeFile(sources[0].Name))
	if c != nil {
		c.text = secretOf(allText(append(layers, sources...)))
	}
	return c, inPlace(diags, append(layers, texts...))
}

// allText is the text of sources, such that two lists of them are equal only if all names and
// texts are.
func allText(sources []Source) string {
	var b strings.Builder
	for _, s := range sources {
		fmt.Fprintf(&b, "%q %q\n", s.Name, s.Text)
	}
	return b.String()
}

func decodeAll(sources []Source) (settings, hcl.Diagnostics) {
	all := newSettings()
	var diags hcl.Diagnostics
	for _, src := range sources {
		s, more := decode(src, fromUser)
		all.overlay(s)
		diags = append(diags, more...)
	}
	return all, diags
}

// build evaluates and checks; at is where to say that something is missing.
func build(all settings, o Options, at hcl.Range) (*Config, hcl.Diagnostics) {
	diags := missingNode(all, at)
	vs, more := evaluate(all, o)
	diags = append(diags, more...)
	if diags.HasErrors() {
		return nil, diags
	}
	c := assemble(vs)
	c.Profiles, c.Alerts = vs.profiles(all.blocks), vs.alerts(all.blocks)
	c.origins, c.lists = origins(all), vs.lists()
	diags = append(diags, check(checked{c, vs, all.blocks, at}, o)...)
	if diags.HasErrors() {
		return nil, diags
	}
	return c, diags
}

// presets are what the language itself says when nobody sets it.
func presets() settings {
	s := newSettings()
	language().walk("", func(path string, a attribute, in block) {
		if a.preset != "" && !in.labelled() && !in.within {
			s.values[path] = setting{path: path, attribute: a, early: isEarly(path, in), expr: presetOf(a)}
		}
	})
	return s
}

// complete adds what the language says of blocks of which there may be several,
// once it is known which there are.
func (s settings) complete() {
	language().walk("", func(path string, a attribute, in block) {
		if a.preset == "" || !in.labelled() && !in.within {
			return
		}
		var expr hclsyntax.Expression
		for block := range s.blocks {
			own := join(block, a.name)
			if _, said := s.values[own]; said || unnamed(block) != strings.TrimSuffix(path, "."+a.name) {
				continue
			}
			if expr == nil {
				expr = presetOf(a)
			}
			s.values[own] = setting{path: own, attribute: a, expr: expr}
		}
	})
}

// unnamed is the path of a block with NAME for the name of the second step.
func unnamed(block string) string {
	first, rest, _ := strings.Cut(block, ".")
	_, rest, _ = strings.Cut(rest, ".")
	return strings.TrimSuffix(first+".NAME."+rest, ".")
}

func presetOf(a attribute) hclsyntax.Expression {
	expr, _ := hclsyntax.ParseExpression([]byte(a.preset), "the language", hcl.InitialPos)
	return expr
}

// inPlace puts diagnostics into the order of the lines and hands the texts of
// the platform, which no caller has, to those that are about them.
func inPlace(diags hcl.Diagnostics, layers []Source) hcl.Diagnostics {
	for _, d := range diags {
		for _, layer := range layers {
			if d.Subject != nil && d.Subject.Filename == layer.Name {
				d.Extra = layer
			}
		}
	}
	slices.SortStableFunc(diags, func(a, b *hcl.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Subject.Filename, b.Subject.Filename), cmp.Compare(a.Subject.Start.Byte, b.Subject.Start.Byte))
	})
	return diags
}
