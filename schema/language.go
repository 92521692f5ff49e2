package schema

import (
	"iter"
	"slices"
	"strings"
	"sync"
)

// An audience says in which files a word of the language may stand.
type audience int

const (
	everywhere   audience = iota
	userOnly              // ha.hcl and ha.d, not a platform file
	platformOnly          // a platform file, not ha.hcl
)

type attribute struct {
	name     string
	kind     kind
	preset   string // what holds when nobody sets it, as an HCL expression
	doc      string
	audience audience
}

type block struct {
	name       string
	doc        string
	audience   audience
	early      bool   // evaluated before the rest, so it may not refer to anything
	label      string // of blocks of which there may be several: an example of a name
	within     bool   // in one of those
	attributes []attribute
	blocks     []block
}

// language is all that may stand in a file. Nobody changes what it gives.
var language = sync.OnceValue(func() block {
	return block{
		attributes: []attribute{
			{name: "platform", kind: platformName(), preset: `"wazo"`, audience: userOnly,
				doc: "What runs on this node: the name of a preset, or the absolute path of a platform file of your own."},
			{name: "base", kind: enum(Platforms()...), audience: platformOnly,
				doc: "The preset that this platform is like; only what differs need be said."},
			{name: "title", kind: title(), audience: platformOnly, doc: "The platform's full name."},
		},
		blocks: []block{
			nodeBlock(), peerBlock(), sipExpiryBlock(), provisioningBlock(), databaseBlock(), replicationBlock(),
			failoverBlock(), companionBlock(), endpointBlock(), dashboardBlock(), metricsBlock(), actionsBlock(), watchBlock(), objectiveBlock(), alertBlock(), profileBlock(),
			rolesBlock(), stateBlock(), stockBlock(), postgresqlBlock(), withoutHABlock(), telephonyBlock(),
		},
	}
})

// labelled tells whether each such block has a name.
func (b block) labelled() bool { return b.label != "" }

// An Entry describes one argument of the language.
type Entry struct {
	Path    string // "peer.ssh.port"
	Kind    string // "whole number", "list of paths"
	Default string // as an HCL expression, "" when the platform gives it or there is none
	Doc     string // one sentence
}

// Reference lists every argument that ha.hcl may hold, in the order of the
// language.
func Reference() []Entry {
	var entries []Entry
	language().walk("", func(path string, a attribute, _ block) {
		if a.audience != platformOnly {
			entries = append(entries, Entry{Path: path, Kind: a.kind.name, Default: a.preset, Doc: a.doc})
		}
	})
	return entries
}

// walk visits the arguments of b and of the blocks in it. What only a platform
// file may set stays so in the blocks below.
func (b block) walk(prefix string, visit func(path string, a attribute, in block)) {
	for _, a := range b.attributes {
		a.audience = max(a.audience, b.audience)
		visit(join(prefix, a.name), a, b)
	}
	for _, inner := range b.blocks {
		inner.audience = max(inner.audience, b.audience)
		inner.early = inner.early || b.early
		path := join(prefix, inner.name)
		if inner.labelled() {
			path = join(path, "NAME")
		}
		inner.within = b.within || b.labelled()
		inner.walk(path, visit)
	}
}

func (b block) attribute(name string) (attribute, bool) {
	for _, a := range b.attributes {
		if a.name == name {
			a.audience = max(a.audience, b.audience)
			return a, true
		}
	}
	return attribute{}, false
}

func (b block) block(name string) (block, bool) {
	for _, inner := range b.blocks {
		if inner.name == name {
			inner.audience = max(inner.audience, b.audience)
			inner.early = inner.early || b.early
			return inner, true
		}
	}
	return block{}, false
}

// names lists what may stand in b for the given audience.
func (b block) names(to audience) (attributes, blocks []string) {
	for _, a := range b.attributes {
		if a.audience == everywhere || a.audience == to {
			attributes = append(attributes, a.name)
		}
	}
	for _, inner := range b.blocks {
		if inner.audience == everywhere || inner.audience == to {
			blocks = append(blocks, inner.name)
		}
	}
	return attributes, blocks
}

func join(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}

// home finds the first block in b that has an argument or block of that name:
// its path, or "the top of the file".
func home(b block, path, name string, to audience) string {
	attributes, blocks := b.names(to)
	if slices.Contains(attributes, name) || slices.Contains(blocks, name) {
		if path == "" {
			return "the top of the file"
		}
		return "the block " + path
	}
	for _, inner := range blocks {
		next, _ := b.block(inner)
		if b.labelled() {
			continue // whose words mean something there alone
		}
		if found := home(next, join(path, inner), name, to); found != "" {
			return found
		}
	}
	return ""
}

// parents are the blocks that a path lies in, the nearest first.
func parents(path string) iter.Seq[string] { return above(path, '.') }

// above cuts a path at each separator, from the end on.
func above(path string, separator byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := strings.LastIndexByte(path, separator); i > 0; i = strings.LastIndexByte(path[:i], separator) {
			if !yield(path[:i]) {
				return
			}
		}
	}
}
