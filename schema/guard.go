package schema

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// HCL's parser and evaluator call themselves for every level of brackets,
// blocks and templates and for every operator in a row. Past some 10,000 the
// stack overflows, which no recover catches. The lexer does not recurse.
const (
	mostBytes     = 64 << 10
	mostDepth     = 256
	mostOperators = 256
	mostDigits    = 20
)

// guard refuses what must not be parsed, by a look at the tokens.
func guard(src Source) hcl.Diagnostics {
	if len(src.Text) > mostBytes {
		return hcl.Diagnostics{tooLarge(src.Name)}
	}
	// What the lexer finds wrong, the parser says again.
	tokens, _ := hclsyntax.LexConfig(src.Text, src.Name, hcl.InitialPos)
	var g guardian
	for _, token := range tokens {
		if problem := g.see(token); problem != nil {
			return hcl.Diagnostics{problem}
		}
	}
	return nil
}

func tooLarge(name string) *hcl.Diagnostic {
	return failing(wholeFile(name), "File too large",
		fmt.Sprintf("A configuration has at most %d KiB. Split it into files in ha.d, or name the right file with --config.", mostBytes>>10))
}

type guardian struct {
	open       []bool // for each open bracket, whether it opens a block
	operators  int    // in this statement
	directives int    // %{…} in this file; they nest without brackets
	last       hclsyntax.TokenType
}

func (g *guardian) see(token hclsyntax.Token) *hcl.Diagnostic {
	switch token.Type {
	case hclsyntax.TokenOBrace:
		g.open = append(g.open, g.last == hclsyntax.TokenIdent || g.last == hclsyntax.TokenCQuote)
	case hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp:
		g.open = append(g.open, false)
	case hclsyntax.TokenTemplateControl:
		g.open = append(g.open, false)
		g.directives++
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
		g.open = g.open[:max(0, len(g.open)-1)]
	case hclsyntax.TokenNewline:
		if g.betweenStatements() {
			g.operators = 0
		}
	default:
		if isOperator(token.Type) {
			g.operators++
		}
	}
	g.last = token.Type
	return g.verdict(token)
}

// betweenStatements says whether a newline here ends an expression for certain.
func (g *guardian) betweenStatements() bool {
	for _, block := range g.open {
		if !block {
			return false
		}
	}
	return true
}

func (g *guardian) verdict(token hclsyntax.Token) *hcl.Diagnostic {
	switch {
	case len(g.open) > mostDepth, g.directives > mostDepth:
		return failing(token.Range, "Nested too deeply",
			fmt.Sprintf("Brackets, blocks and templates nest at most %d deep. Look for a missing closing bracket.", mostDepth))
	case g.operators > mostOperators:
		return failing(token.Range, "Expression too long",
			fmt.Sprintf("An expression has at most %d operators. Write what it amounts to.", mostOperators))
	case token.Type == hclsyntax.TokenNumberLit && (len(token.Bytes) > mostDigits || hasExponent(token.Bytes)):
		return failing(token.Range, "Unsuitable number",
			fmt.Sprintf("A number has at most %d digits and no exponent. Write it out.", mostDigits))
	}
	return nil
}

func isOperator(t hclsyntax.TokenType) bool {
	switch t {
	case hclsyntax.TokenStar, hclsyntax.TokenSlash, hclsyntax.TokenPlus, hclsyntax.TokenMinus, hclsyntax.TokenPercent,
		hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual, hclsyntax.TokenLessThan, hclsyntax.TokenLessThanEq,
		hclsyntax.TokenGreaterThan, hclsyntax.TokenGreaterThanEq, hclsyntax.TokenAnd, hclsyntax.TokenOr,
		hclsyntax.TokenBang, hclsyntax.TokenQuestion, hclsyntax.TokenColon:
		return true
	}
	return false
}

func hasExponent(digits []byte) bool {
	for _, c := range digits {
		if c == 'e' || c == 'E' {
			return true
		}
	}
	return false
}
