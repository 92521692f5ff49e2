package replicate

import "testing"

func TestAFailedVerificationIsNoFailedCopy(t *testing.T) {
	e := Entry{What: FilesName, Result: Failed, Error: "the peer is away"}
	if got := e.Line(); got != "files: failed: the peer is away" {
		t.Error(got)
	}
	e.Verify = true
	if got := e.Line(); got != "files: verify failed: the peer is away" {
		t.Error(got)
	}
}
