package doctor

import (
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/resources/host"
)

// Result is what a check came to.
type Result string

// The results of a check.
const (
	Well    Result = "well"
	Mend    Result = "mend"    // something is to be mended
	Unknown Result = "unknown" // it could not be looked at
	Skipped Result = "skipped" // it is none of this node's business, or was not asked for
)

// Peer is the Node of what the peer found about itself.
const Peer = "peer"

// Finding is what one check found.
type Finding struct {
	Code   string `json:"code"`           // stable
	Node   string `json:"node,omitempty"` // "": this node; "peer": what the peer found about itself
	Result Result `json:"result"`
	Says   string `json:"says"`
	Why    string `json:"why"`            // it matters
	Mend   string `json:"mend,omitempty"` // the command, in backquotes, or the edit that mends it
}

// verdict is what a check says; the register knows the rest.
type verdict struct {
	result     Result
	says, mend string
}

func well(format string, args ...any) verdict {
	return verdict{Well, fmt.Sprintf(format, args...), ""}
}

func skipped(format string, args ...any) verdict {
	return verdict{Skipped, fmt.Sprintf(format, args...), ""}
}

func toMend(mend, format string, args ...any) verdict {
	return verdict{Mend, fmt.Sprintf(format, args...), mend}
}

func unknown(err error) verdict { return verdict{Unknown, err.Error(), ""} }

// either is well, unless something is amiss.
func either(amiss []string, mend string, format string, args ...any) verdict {
	if len(amiss) > 0 {
		return toMend(mend, "%s", strings.Join(amiss, "; "))
	}
	return well(format, args...)
}

// longest is how many bytes of a text are told.
const longest = 2000

// printable makes a text that anybody may have written one line.
func printable(text string) string {
	return host.OneLine(strings.ToValidUTF8(text[:min(len(text), longest)], "\uFFFD"))
}
