package schema

import (
	"errors"
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
	err := out.take(bare, len(marks) > 0)
	if err == nil {
		return out, nil
	}
	at := s.expr.Range()
	var inside *elementError
	if errors.As(err, &inside) {
		at = inside.at
	}
	return out, failing(at, "Unsuitable value for "+s.path, err.Error())
}

func (out *value) take(v cty.Value, secret bool) error {
	k := out.attribute.kind
	switch {
	case v.IsNull():
		return errors.New("null is no value. Write one, or leave the argument out.")
	case secret && k.cover == coverNone:
		return errors.New("A value from file() is secret, and this is written to files and logs. Write it out, or use env().")
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

func (out *value) takeFlag(v cty.Value) error {
	if v.Type() != cty.Bool {
		return errors.New("It is either true or false, without quotes.")
	}
	out.flag = v.True()
	return nil
}

func (out *value) takeNumber(v cty.Value, k kind) error {
	if v.Type() != cty.Number {
		return errors.New("It is a number, without quotes, such as 22.")
	}
	whole, accuracy := v.AsBigFloat().Int64()
	if accuracy != big.Exact {
		return k.check("")
	}
	out.whole = int(whole)
	return k.check(fmt.Sprint(whole))
}

func (out *value) takeText(v cty.Value, k kind) error {
	switch {
	case v.Type() == cty.Number || v.Type() == cty.Bool:
		return errors.New("It is a text: write it in quotes.")
	case v.Type() != cty.String:
		return errors.New("It is a single text in quotes, not a list.")
	}
	out.text = v.AsString()
	return checkText(out.text, k)
}

func (out *value) takeList(v cty.Value, k kind) error {
	if !v.Type().IsTupleType() && !v.Type().IsListType() {
		return errors.New("It is a list. Write it in brackets: [\"…\"].")
	}
	literal, _ := out.expr.(*hclsyntax.TupleConsExpr)
	for _, item := range v.AsValueSlice() {
		at := out.expr.Range()
		if literal != nil {
			at = literal.Exprs[len(out.list)].Range()
		}
		if item.IsNull() || item.Type() != cty.String {
			return &elementError{at, errors.New("Every element is a text in quotes.")}
		}
		if err := checkText(item.AsString(), k); err != nil {
			return &elementError{at, err}
		}
		out.list = append(out.list, element{item.AsString(), at})
	}
	return nil
}

type elementError struct {
	at hcl.Range
	error
}

// checkText refuses, in every kind, what could forge a line of a file or a log.
func checkText(text string, k kind) error {
	for _, r := range text {
		if unicode.IsControl(r) || r == utf8.RuneError || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return errors.New("It contains a newline, a control character, or a character that turns the direction of writing. Write it on one line, without those.")
		}
	}
	if k.check == nil {
		return nil
	}
	return k.check(text)
}
