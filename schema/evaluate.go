package schema

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// values are all settings, evaluated.
type values map[string]value

func (vs values) text(path string) string { return vs[path].text }

// texts are the elements of several lists, each once.
func (vs values) texts(paths ...string) []string {
	var out []string
	seen := map[string]bool{}
	for _, path := range paths {
		for _, e := range vs[path].list {
			if !seen[e.text] {
				out = append(out, e.text)
			}
			seen[e.text] = true
		}
	}
	return out
}

func (vs values) role() Role {
	role, _ := roleOf(vs.text("node.role"))
	return role
}

// evaluate works out all settings: first those that the others may refer to.
func evaluate(s settings, o Options) (values, hcl.Diagnostics) {
	vs := values{}
	ctx := &hcl.EvalContext{Functions: functions(o)}
	diags := vs.phase(s, ctx, true)
	if diags.HasErrors() {
		ctx.Variables = unknowns()
	} else {
		ctx.Variables = vs.variables()
	}
	return vs, append(diags, vs.phase(s, ctx, false)...)
}

func (vs values) phase(s settings, ctx *hcl.EvalContext, early bool) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, path := range slices.Sorted(maps.Keys(s.values)) {
		if s.values[path].early != early {
			continue
		}
		v, more := evaluateOne(s.values[path], ctx)
		vs[path] = v
		diags = append(diags, more...)
	}
	return diags
}

func evaluateOne(s setting, ctx *hcl.EvalContext) (value, hcl.Diagnostics) {
	if diags := inspect(s); diags.HasErrors() {
		return value{setting: s}, diags
	}
	result, diags := s.expr.Value(ctx)
	if diags.HasErrors() {
		return value{setting: s}, valueErrors(diags)
	}
	if !result.IsWhollyKnown() {
		return value{setting: s}, nil
	}
	v, problem := read(s, result)
	if problem != nil {
		return v, hcl.Diagnostics{problem}
	}
	return v, nil
}

// variables are what the later settings may refer to: the role by the name that
// ha.conf uses, whichever synonym was written, and the address in its shortest
// form, or "" when a disabled node has no peer.
func (vs values) variables() map[string]cty.Value {
	address := ""
	if peer := vs.peer(); peer.IsValid() {
		address = peer.String()
	}
	return map[string]cty.Value{
		"node":     cty.ObjectVal(map[string]cty.Value{"role": cty.StringVal(string(vs.role()))}),
		"peer":     cty.ObjectVal(map[string]cty.Value{"address": cty.StringVal(address)}),
		"platform": cty.StringVal(vs.text("platform")),
	}
}

// unknowns stand for what could not be worked out; what refers to it is unknown
// itself, which is no further mistake.
func unknowns() map[string]cty.Value {
	u := cty.UnknownVal(cty.String)
	return map[string]cty.Value{
		"node":     cty.ObjectVal(map[string]cty.Value{"role": u}),
		"peer":     cty.ObjectVal(map[string]cty.Value{"address": u}),
		"platform": u,
	}
}
