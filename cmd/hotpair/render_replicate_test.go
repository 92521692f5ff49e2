package main

import (
	"testing"

	"github.com/hotpair/hotpair/resources/replicate"
)

func TestAFailedVerificationIsNoFailedCopy(t *testing.T) {
	e := replicate.Entry{What: replicate.FilesName, Result: replicate.Failed, Error: "the peer is away"}
	if got := entryLine(e); got != "files: failed: the peer is away" {
		t.Error(got)
	}
	e.Verify = true
	if got := entryLine(e); got != "files: verify failed: the peer is away" {
		t.Error(got)
	}
}
