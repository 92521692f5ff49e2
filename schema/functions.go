package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// A mark travels with a value through every expression.
type mark string

const secretMark mark = "secret"

// functions are what an expression may call. HCL puts their errors into its
// diagnostics, so none quotes an argument that might be secret.
func functions(o Options) map[string]function.Function {
	return map[string]function.Function{
		"file":   fileFunction(o.ReadFile),
		"env":    envFunction(o.Getenv),
		"format": formatFunction(),
		"concat": stdlib.ConcatFunc,
		"lower":  stdlib.LowerFunc,
		"upper":  stdlib.UpperFunc,
	}
}

func fileFunction(read func(string) ([]byte, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String, AllowMarked: true}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if args[0].IsMarked() {
				return cty.NilVal, errors.New("a path must not be secret: write it out")
			}
			text, err := readSecret(args[0].AsString(), read)
			return cty.StringVal(text).Mark(secretMark), err
		},
	})
}

func readSecret(path string, read func(string) ([]byte, error)) (string, error) {
	if !filepath.IsAbs(path) || filepath.Clean(path) != path || strings.ContainsRune(path, 0) {
		return "", errors.New("a file is named by its absolute path, without . and .., such as file(\"/etc/hotpair/token\")")
	}
	if read == nil {
		return "", errors.New("no file can be read here: write the value itself")
	}
	text, err := read(path)
	switch {
	case err != nil:
		return "", fmt.Errorf("reading %s: %s; check that it exists and that you may read it", quote(path), cause(err))
	case len(text) > mostBytes:
		return "", fmt.Errorf("reading %s: it has more than %d KiB", quote(path), mostBytes>>10)
	case !utf8.Valid(text):
		return "", fmt.Errorf("reading %s: it is not text in UTF-8", quote(path))
	}
	return string(bytes.TrimSuffix(text, []byte("\n"))), nil
}

// cause is why a file could not be read, without the path again and without
// anything of the file's.
func cause(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fs.ErrNotExist.Error()
	case errors.Is(err, fs.ErrPermission):
		return fs.ErrPermission.Error()
	}
	return err.Error()
}

func envFunction(get func(string) string) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "name", Type: cty.String, AllowMarked: true}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if args[0].IsMarked() || !regexp.MustCompile(`^HOTPAIR_[A-Z0-9_]+$`).MatchString(args[0].AsString()) {
				return cty.NilVal, errors.New("only variables whose names begin with HOTPAIR_ can be read, such as env(\"HOTPAIR_PEER\")")
			}
			if get == nil {
				return cty.StringVal(""), nil
			}
			text := get(args[0].AsString())
			if !utf8.ValidString(text) {
				return cty.NilVal, errors.New("the variable's value is not text in UTF-8")
			}
			return cty.StringVal(text), nil
		},
	})
}

// formatFunction knows %s, %d and %%. The library's own quotes arguments in its
// errors, and takes widths that fill the memory.
func formatFunction() function.Function {
	return function.New(&function.Spec{
		Params:   []function.Parameter{{Name: "format", Type: cty.String}},
		VarParam: &function.Parameter{Name: "args", Type: cty.DynamicPseudoType},
		Type:     function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			text, err := fill(args[0].AsString(), args[1:])
			return cty.StringVal(text), err
		},
	})
}

func fill(pattern string, args []cty.Value) (string, error) {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(pattern, "%")
		out.WriteString(before)
		if !found {
			break
		}
		if strings.HasPrefix(after, "%") {
			out.WriteByte('%')
			pattern = after[1:]
			continue
		}
		if !strings.HasPrefix(after, "s") && !strings.HasPrefix(after, "d") {
			return "", errors.New("format knows %s for text, %d for whole numbers and %% for a percent sign")
		}
		if len(args) == 0 {
			return "", errors.New("there are more %s and %d than arguments: add the missing ones")
		}
		text, err := fillOne(after[0], args[0])
		if err != nil {
			return "", err
		}
		out.WriteString(text)
		pattern, args = after[1:], args[1:]
	}
	if len(args) > 0 {
		return "", errors.New("there are fewer %s and %d than arguments: leave the others out")
	}
	return out.String(), nil
}

func fillOne(verb byte, arg cty.Value) (string, error) {
	switch {
	case arg.IsNull():
	case verb == 's' && arg.Type() == cty.String:
		return arg.AsString(), nil
	case arg.Type() == cty.Number && (verb == 's' || arg.AsBigFloat().IsInt()):
		return decimal(arg.AsBigFloat()), nil
	}
	return "", errors.New("%s takes a text or a number, %d a whole number")
}

func decimal(f *big.Float) string { return f.Text('f', -1) }
