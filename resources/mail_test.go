package resources

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAMailToRootForgesNoHeader(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	if err := MailRoot(t.Context(), h, "nobody hears this", "x"); err != nil {
		t.Errorf("without a mailer: %v", err)
	}
	put(t, dir, "usr/sbin/sendmail", "#!/bin/sh\necho \"$@\" >var/log/mail\ncat >>var/log/mail\n")
	if err := os.Chmod(filepath.Join(dir, "usr/sbin/sendmail"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := MailRoot(t.Context(), h, "bad\nBcc: all@example.net", "one\n.\n\x1b[31mtwo"); err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(get(t, dir, "var/log/mail"), "\n\n")
	if strings.Contains(head, "\nBcc:") || !strings.HasPrefix(head, "-i root\nTo: root\nSubject: bad\uFFFDBcc: all@example.net\n") {
		t.Errorf("head: %q", head)
	}
	if body != "one\n.\n\uFFFD[31mtwo\n" {
		t.Errorf("body: %q", body)
	}
}
