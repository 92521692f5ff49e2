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
	made := word()
	if made.FindString("ab") != "a" || word() != made {
		t.Error("it is another expression")
	}
	if found := pattern.Longest("a|ab")().FindString("ab"); found != "ab" {
		t.Error(found)
	}
	wrong()
}
