package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// inspect refuses the expressions of HCL that the language does not have: loops
// and what goes with them can run for ever, arithmetic on texts can make
// numbers that fill the memory when they are written out.
func inspect(s setting) hcl.Diagnostics {
	var diags hcl.Diagnostics
	hclsyntax.VisitAll(s.expr, func(node hclsyntax.Node) hcl.Diagnostics {
		if problem := inspectNode(node, s); problem != nil {
			diags = append(diags, problem)
		}
		return nil
	})
	return diags[:min(1, len(diags))]
}

func inspectNode(node hclsyntax.Node, s setting) *hcl.Diagnostic {
	switch node := node.(type) {
	case *hclsyntax.LiteralValueExpr, *hclsyntax.TemplateExpr, *hclsyntax.TemplateWrapExpr, *hclsyntax.ConditionalExpr,
		*hclsyntax.TupleConsExpr, *hclsyntax.ParenthesesExpr:
		return nil
	case *hclsyntax.FunctionCallExpr:
		return inspectCall(node)
	case *hclsyntax.ScopeTraversalExpr:
		return inspectName(node, s)
	case *hclsyntax.BinaryOpExpr:
		if logical(node.Op) || numeric(node) {
			return nil
		}
		return failing(node.Range(), "Unsuitable operator", "Numbers written here can be calculated with, nothing else. Write what it amounts to.")
	case *hclsyntax.UnaryOpExpr:
		if node.Op == hclsyntax.OpLogicalNot || numeric(node) {
			return nil
		}
		return failing(node.Range(), "Unsuitable operator", "Only a number written here can be negative. Write what it amounts to.")
	}
	return failing(node.Range(), "Unsuitable expression", "Loops, maps, splats and indexes are not part of ha.hcl. Write the value or the list out.")
}

func logical(op *hclsyntax.Operation) bool {
	return slices.Contains([]*hclsyntax.Operation{
		hclsyntax.OpLogicalOr, hclsyntax.OpLogicalAnd, hclsyntax.OpEqual, hclsyntax.OpNotEqual}, op)
}

// numeric says whether expr consists of numbers that stand in it.
func numeric(expr hclsyntax.Node) bool {
	switch expr := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return expr.Val.Type().FriendlyName() == "number"
	case *hclsyntax.ParenthesesExpr:
		return numeric(expr.Expression)
	case *hclsyntax.UnaryOpExpr:
		return expr.Op == hclsyntax.OpNegate && numeric(expr.Val)
	case *hclsyntax.BinaryOpExpr:
		return !logical(expr.Op) && numeric(expr.LHS) && numeric(expr.RHS)
	}
	return false
}

func inspectCall(node *hclsyntax.FunctionCallExpr) *hcl.Diagnostic {
	known := slices.Sorted(maps.Keys(functions(Options{})))
	if slices.Contains(known, node.Name) {
		return nil
	}
	return failing(node.NameRange, "Unknown function", "The functions are "+together(known)+"."+DidYouMean(node.Name, known))
}

func inspectName(node *hclsyntax.ScopeTraversalExpr, s setting) *hcl.Diagnostic {
	known := []string{"node.role", "peer.address", "platform"}
	name := dotted(node.Traversal)
	switch {
	case slices.Contains(known, name) && !s.early:
		return nil
	case slices.Contains(known, name):
		return failing(node.Range(), "Too early to refer to anything",
			"platform, node and peer are read before everything else, so they may use functions only. Write the value itself.")
	case s.attribute.kind.cover != coverNone:
		return failing(node.Range(), "Unknown name", "Only "+together(known)+" can be referred to. A text stands in quotes.")
	case !strings.Contains(name, ".") && !s.early && DidYouMean(name, known) == "":
		return failing(node.Range(), "Unknown name", fmt.Sprintf("Only %s can be referred to. A text stands in quotes: %s.", together(known), quote(name)))
	case s.early:
		return failing(node.Range(), "Unknown name", fmt.Sprintf("Nothing can be referred to here. A text stands in quotes: %s.", quote(name)))
	}
	return failing(node.Range(), "Unknown name", fmt.Sprintf("Only %s can be referred to.%s", together(known), DidYouMean(name, known)))
}

// dotted writes a reference as in the file. An index makes it nothing known.
func dotted(traversal hcl.Traversal) string {
	var names []string
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, step.Name)
		case hcl.TraverseAttr:
			names = append(names, step.Name)
		default:
			names = append(names, "[]")
		}
	}
	return strings.Join(names, ".")
}
