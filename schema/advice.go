package schema

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// syntaxErrors makes of the parser's findings the one to begin with: those
// after it are mostly its echo. The parser's own words may quote the source, so
// they are replaced.
func syntaxErrors(diags hcl.Diagnostics) hcl.Diagnostics {
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			d.Detail = syntaxAdvice(d)
			return plain(hcl.Diagnostics{d})
		}
	}
	return nil
}

func syntaxAdvice(d *hcl.Diagnostic) string {
	switch d.Summary {
	case "Attribute redefined":
		if found := regexp.MustCompile(`^The argument "([^"]*)" was already set at .*:(\d+),`).FindStringSubmatch(d.Detail); found != nil {
			return "The argument " + found[1] + " is set on line " + found[2] + " already. Leave one of the two out."
		}
	case "Invalid multi-line string", "Unterminated template string":
		return "A text that begins before this is not closed. Write the closing quote, or the closing marker of a text of several lines."
	case "Invalid number literal":
		return "This is not a number. A text, such as an address, stands in quotes."
	case "Invalid character":
		return "This character is not part of the language. Texts stand in double quotes, arguments on lines of their own; nothing else stands between them."
	case "Invalid character encoding":
		return "This is not text in UTF-8. Save the file as UTF-8."
	case "Invalid escape sequence":
		return "After a \\ may stand n, r, t, \", \\ or u with four digits. A \\ itself is written \\\\."
	case "Argument or block definition required", "Invalid block definition", "Invalid argument name":
		return "An argument or a block is expected here. Write name = value for an argument, name { … } for a block; look for a bracket too many or too few."
	case "Missing newline after argument", "Missing newline after block definition", "Invalid single-argument block definition":
		return "One argument stands on a line, and the closing } of a block of several lines on one of its own. Begin a new line here."
	case "Unclosed configuration block":
		return "This block is not closed. Write the } that is missing, at its end or in a block within it."
	case "Unclosed template interpolation sequence", "Extra characters after interpolation expression":
		return "A ${ is not closed by }. To have the characters ${ themselves, write $${."
	case "Missing item separator":
		return "Write a comma after the element before this."
	case "Invalid expression":
		return "A value is expected here. Write a text in quotes, a number, true, false, or a list in brackets; look for a missing closing bracket."
	}
	return "This is not understood. Look at this line and the one before for a missing quote, bracket or comma."
}

// valueErrors words what goes wrong when an expression is worked out.
func valueErrors(diags hcl.Diagnostics) hcl.Diagnostics {
	for _, d := range diags {
		switch d.Summary {
		case "Error in function call":
			d.Detail = callError(d)
		case "Incorrect condition type":
			d.Detail = "What stands before the ? must be true or false, such as node.role == \"master\"."
		case "Inconsistent conditional result types":
			d.Detail = "What stands on both sides of the : must be of the same kind: two texts, two numbers, two lists."
		case "Invalid function argument", "Not enough function arguments", "Too many function arguments":
			d.Detail = "file, env, lower and upper take one text, format a text and what to put in it, concat takes lists."
		case "Invalid template interpolation value":
			d.Detail = "Only a text, a number, true or false can stand in ${…}."
		default:
			d.Detail = "This cannot be worked out. Write the value itself."
		}
	}
	return plain(diags)
}

// callError is in the function's own words.
func callError(d *hcl.Diagnostic) string {
	call, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](d)
	if !ok {
		return "This cannot be worked out. Write the value itself."
	}
	return fmt.Sprintf("%s: %s.", call.CalledFunctionName(), call.FunctionCallError())
}
