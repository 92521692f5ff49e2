package schema

import (
	"fmt"
	"math/big"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A value is a setting that has been evaluated and is of its kind. Which field
// holds it depends on the shape.
type value struct {
	setting
	text  string
	flag  bool
	whole int
	list  []element
}

// An element of a list, and where it stands as closely as is known.
type element struct {
	text string
	at   hcl.Range
}

// read makes a value of what a setting's expression gave.
func read(s setting, v cty.Value) (value, *hcl.Diagnostic) {
	bare, marks := v.UnmarkDeep()
	out := value{setting: s}
	wrong := out.take(bare, len(marks) > 0)
	if wrong == "" {
		return out, nil
	}
	at := s.expr.Range()
	if n := len(out.list); n > 0 {
		at = out.list[n-1].at
	}
	return out, failing(at, "Unsuitable value for "+s.path, wrong)
}

// take says what is wrong with a value, or nothing. A list ends with its first
// unsuitable element.
func (out *value) take(v cty.Value, secret bool) string {
	k := out.attribute.kind
	switch {
	case v.IsNull():
		return "null is no value. Write one, or leave the argument out."
	case secret && k.cover == coverNone:
		return "A value from file() is secret, and this is written to files and logs. Write it out, or use env()."
	}
	switch k.shape {
	case shapeFlag:
		return out.takeFlag(v)
	case shapeNumber:
		return out.takeNumber(v, k)
	case shapeList:
		return out.takeList(v, k)
	}
	return out.takeText(v, k)
}

func (out *value) takeFlag(v cty.Value) string {
	if v.Type() != cty.Bool {
		return "It is either true or false, without quotes."
	}
	out.flag = v.True()
	return ""
}

func (out *value) takeNumber(v cty.Value, k kind) string {
	if v.Type() != cty.Number {
		return "It is a number, without quotes, such as 22."
	}
	whole, accuracy := v.AsBigFloat().Int64()
	if accuracy != big.Exact {
		return k.check("")
	}
	out.whole = int(whole)
	return k.check(fmt.Sprint(whole))
}

func (out *value) takeText(v cty.Value, k kind) string {
	switch {
	case v.Type() == cty.Number || v.Type() == cty.Bool:
		return "It is a text: write it in quotes."
	case v.Type() != cty.String:
		return "It is a single text in quotes, not a list."
	}
	out.text = v.AsString()
	return checkText(out.text, k)
}

func (out *value) takeList(v cty.Value, k kind) string {
	if !v.Type().IsTupleType() && !v.Type().IsListType() {
		return "It is a list. Write it in brackets: [\"…\"]."
	}
	literal, _ := out.expr.(*hclsyntax.TupleConsExpr)
	for _, item := range v.AsValueSlice() {
		at := out.expr.Range()
		if literal != nil {
			at = literal.Exprs[len(out.list)].Range()
		}
		out.list = append(out.list, element{at: at})
		if item.IsNull() || item.Type() != cty.String {
			return "Every element is a text in quotes."
		}
		out.list[len(out.list)-1].text = item.AsString()
		if wrong := checkText(item.AsString(), k); wrong != "" {
			return wrong
		}
	}
	return ""
}

// checkText refuses, in every kind, what could forge a line of a file or a log.
func checkText(text string, k kind) string {
	for _, r := range text {
		if unicode.IsControl(r) || r == utf8.RuneError || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return "It contains a newline, a control character, or a character that turns the direction of writing. Write it on one line, without those."
		}
	}
	if k.check == nil {
		return ""
	}
	return k.check(text)
}
