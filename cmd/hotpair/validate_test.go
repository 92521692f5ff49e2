package main

import (
	"strings"
	"testing"
)

func TestValidateNamesWhatTheStockScriptsDoNotGoBy(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	validated := func(runner string) string {
		b.put("etc/hotpair/ha.hcl", "platform = \"wazo\"\nnode {\n  role = \"master\"\n}\npeer {\n  address = \"10.0.0.2\"\n  ssh {\n    port = 2222\n  }\n}\nreplication {\n  runner     = \""+runner+"\"\n  max_delete = 30\n}\n")
		return b.expect(exitOK, "validate").out
	}
	if out := validated("stock"); !strings.Contains(out, "Only `hotpair replicate` goes by this: replication.max_delete (ha.hcl:13:3).") || strings.Contains(out, "peer.ssh") {
		t.Error(out)
	}
	if out := validated("daemon"); strings.Contains(out, "note:") {
		t.Error(out)
	}
}
