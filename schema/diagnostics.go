package schema

import (
	"github.com/hashicorp/hcl/v2"
)

func failing(at hcl.Range, summary, detail string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: &at}
}

func warning(at hcl.Range, summary, detail string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: summary, Detail: detail, Subject: &at}
}

// wholeFile is the place of what concerns a file and no line of it.
func wholeFile(name string) hcl.Range { return hcl.Range{Filename: name} }

// plain takes out of HCL's diagnostics what a printer would show values from.
func plain(diags hcl.Diagnostics) hcl.Diagnostics {
	for _, d := range diags {
		d.Expression, d.EvalContext, d.Extra = nil, nil, nil
	}
	return diags
}
