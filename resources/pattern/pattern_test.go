package pattern_test

import (
	"testing"

	"github.com/hotpair/hotpair/resources/pattern"
)

func TestAnExpressionIsCompiledOnceItIsNeeded(t *testing.T) {
	wrong := pattern.Lazy("(")
	defer func() {
		if recover() == nil {
			t.Error("what is no expression is used")
		}
	}()
	word := pattern.Lazy("a|ab")
	if word().FindString("ab") != "a" || pattern.Longest("a|ab")().FindString("ab") != "ab" || word() != word() {
		t.Error("it is another expression")
	}
	wrong()
}
