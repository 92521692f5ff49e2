package schema

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Format lays a source out canonically. What does not parse it refuses, and
// changes nothing of it.
func Format(src Source) ([]byte, hcl.Diagnostics) {
	if _, diags := parse(src); diags.HasErrors() {
		return nil, inPlace(diags, nil)
	}
	text := src.Text
	for {
		next := hclwrite.Format(text)
		if bytes.Equal(next, text) {
			return text, nil
		}
		text = next
	}
}
