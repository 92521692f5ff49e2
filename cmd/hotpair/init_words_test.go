package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
)

func TestInitNamesAPeerWhereNoSSHServerAnswers(t *testing.T) {
	t.Parallel()
	needs(t, "ssh-keyscan")
	b := newBox(t, "wazo")
	port := boxtest.FreePort(t, "127.0.0.2")
	b.put("etc/hotpair/ha.hcl", fmt.Sprintf("platform = \"wazo\"\nnode {\n  role = \"master\"\n}\npeer {\n  address = \"127.0.0.2\"\n  ssh {\n    port = %d\n  }\n}\n", port))
	r := b.expect(exitError, "init")
	b.contains(r.err, fmt.Sprintf("no SSH server answers at 127.0.0.2, port %d: see that sshd runs there", port), nothingChanged)
	if strings.Contains(r.err, "exit status") || strings.Contains(r.err, "ssh-keyscan") {
		t.Error(r.err)
	}
}
