package peer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Request is what the far end was asked for: one of the kinds below.
type Request struct {
	Kind string
	Args []string // of rsync: the words after its name
}

// The kinds of request.
const (
	StateRequest    = "state"
	DatabaseRequest = "database"
	FilesRequest    = "files"
	RsyncRequest    = "rsync"
	ReportRequest   = "report"
	FactsRequest    = "facts"
)

const longestRequest = 4 << 10

// Parse understands SSH_ORIGINAL_COMMAND, which is hostile. Whatever is not
// exactly one of the six requests is an error, which quotes nothing of it.
func Parse(original string) (Request, error) {
	switch {
	case original == "":
		return Request{}, errors.New("no request: this key opens no shell")
	case len(original) > longestRequest:
		return Request{}, fmt.Errorf("a request of more than %d bytes", longestRequest)
	case strings.ContainsFunc(original, unexpected):
		return Request{}, errors.New("a request with characters that no request has")
	}
	words := strings.Split(original, " ")
	switch kind := words[0]; {
	case kind == RsyncRequest:
		return Request{Kind: kind, Args: words[1:]}, checkRsync(words[1:])
	case len(words) == 1 && (slices.Contains([]string{StateRequest, DatabaseRequest, FilesRequest, ReportRequest, FactsRequest}, kind)):
		return Request{Kind: kind}, nil
	}
	return Request{}, errors.New("an unknown request: this key is for hotpair alone")
}

// unexpected finds what no request holds: control characters, quotes, and
// whatever a shell would read.
func unexpected(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(" -.=/%@", r))
}
