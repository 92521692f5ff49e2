package provd

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// selected applies a request's query to documents. A q that is not understood is
// ignored, as if it had not been given.
func selected(all map[string]Document, query url.Values) []Document {
	list := []Document{}
	pattern := patternOf(query)
	for _, d := range all {
		if matches(d, pattern) {
			list = append(list, fields(d, query.Get("fields")))
		}
	}
	key := query.Get("sort")
	if key == "" {
		key = "id"
	}
	slices.SortFunc(list, func(a, b Document) int {
		order := strings.Compare(fmt.Sprint(at(a, key)), fmt.Sprint(at(b, key)))
		if query.Get("sort_ord") == "DESC" {
			return -order
		}
		return order
	})
	if n, err := strconv.Atoi(query.Get("skip")); err == nil {
		list = list[min(max(n, 0), len(list)):]
	}
	if n, err := strconv.Atoi(query.Get("limit")); err == nil && n > 0 {
		list = list[:min(n, len(list))]
	}
	return list
}

func patternOf(query url.Values) Document {
	text := []byte(query.Get("q"))
	if q64 := query.Get("q64"); q64 != "" {
		text, _ = base64.StdEncoding.DecodeString(q64)
	}
	pattern, err := decode(text)
	if err != nil {
		return nil
	}
	return pattern
}

func fields(d Document, names string) Document {
	if names == "" {
		return d
	}
	some := Document{"id": d["id"]}
	for name := range strings.SplitSeq(names, ",") {
		if value, there := d[name]; there {
			some[name] = value
		}
	}
	return some
}

// at follows a dotted key.
func at(d Document, key string) any {
	var value any = d
	for name := range strings.SplitSeq(key, ".") {
		in, is := value.(Document)
		if !is {
			return nil
		}
		value = in[name]
	}
	return value
}

func matches(d Document, pattern Document) bool {
	for key, want := range pattern {
		have := at(d, key)
		operators, is := want.(Document)
		if !is && !reflect.DeepEqual(have, want) {
			return false
		}
		for operator, operand := range operators {
			if !holds(operator, have, operand) {
				return false
			}
		}
	}
	return true
}

// holds applies an operator.
func holds(operator string, have, operand any) bool {
	list, _ := operand.([]any)
	among := slices.ContainsFunc(list, func(v any) bool { return reflect.DeepEqual(v, have) })
	switch operator {
	case "$in":
		return among
	case "$nin":
		return !among
	case "$contains":
		elements, _ := have.([]any)
		return slices.ContainsFunc(elements, func(v any) bool { return reflect.DeepEqual(v, operand) })
	case "$exists":
		return (have != nil) == (operand == true)
	case "$ne":
		return !reflect.DeepEqual(have, operand)
	}
	order, comparable := compared(have, operand)
	return comparable && map[string]bool{"$gt": order > 0, "$ge": order >= 0, "$lt": order < 0, "$le": order <= 0}[operator]
}

func compared(a, b any) (order int, comparable bool) {
	if x, is := a.(json.Number); is {
		y, also := b.(json.Number)
		f, _ := x.Float64()
		g, _ := y.Float64()
		return map[bool]int{true: 1, false: -1}[f > g] * map[bool]int{true: 1, false: 0}[f != g], also
	}
	x, one := a.(string)
	y, two := b.(string)
	return strings.Compare(x, y), one && two
}
