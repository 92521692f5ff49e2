package peer

import (
	"strings"
	"testing"
)

// hostile are requests that nobody but an attacker makes. marker is a path that
// some of them would write.
func hostile(marker string) []string {
	const flags = "-logDtprRe.iLsfxCIvu"
	list := []string{
		"state ", " state", "state\n", "state;touch " + marker, "state && touch " + marker, "state|touch " + marker, "state\ntouch " + marker,
		"state `touch " + marker + "`", "state $(touch " + marker + ")", "STATE", "state state", "'state'", `"state"`, `st\ate`, "state\x00", "state\t", "state\r",
		"database asterisk", "database\n", "facts /etc", "facts\n", "facts;id", "database;id", "files /etc", "files\x00/etc", "files -", "files;id",
		"sh", "bash -i", "/bin/sh -c id", "sh -c 'touch " + marker + "'", "touch " + marker, "FOO=bar state", "LD_PRELOAD=/tmp/x.so state", "env state", "exec state",
		"scp -t /tmp", "scp -f /etc/shadow", "scp -r -p -d -t " + marker, "sftp", "internal-sftp", "/usr/lib/openssh/sftp-server", "sftp-server",
		"nc 127.0.0.1 22", "direct-tcpip", "tcpip-forward", "-L 80:127.0.0.1:80", "-o ProxyCommand=id", "--help", "-h", "hotpair apply", "hotpair peer", "peer-inside build {}", "../state", "/state", "state/", "git-upload-pack /", "cat /etc/shadow", "authorize", "hotpair authorize",
		"rsync", "rsync ", "rsync . /", "rsync --server", "rsync --server . /", "rsync --server --sender " + flags + " . /", "rsync --server " + flags + " --sender . /", "rsync --sender --server " + flags + " . /",
		"rsync --daemon", "rsync --server --daemon .", "rsync --server --daemon --config=/tmp/x . /", "rsync -e sh . /", "rsync --server -e sh . /", "rsync --server " + flags + " --rsh=sh . /", "rsync --server " + flags + " --rsync-path=sh . /",
		"rsync --server -slogDtprRe.iLsfxCIvu . /", "rsync --server " + flags + " -s . /", "rsync --server " + flags + " --secluded-args . /", "rsync --server " + flags + " --protect-args . /", "rsync --server -logDtprRKe.iLsfxCIvu . /", "rsync --server -logDtprRbe.iLsfxCIvu . /",
	}
	for _, option := range []string{
		"--files-from=/etc/shadow", "--copy-dest=/etc", "--link-dest=/etc", "--compare-dest=/etc", "--temp-dir=/etc", "--backup-dir=/etc", "--backup", "--partial-dir=/etc", "--log-file=" + marker, "--write-batch=" + marker, "--only-write-batch=" + marker, "--read-batch=/etc/shadow",
		"--log-format=%f", "--log-format=%i;id", "--log-format=", "--max-delete=", "--max-delete=-2", "--max-delete=1e9", "--timeout=-1", "--keep-dirlinks", "--inplace", "--append", "--write-devices", "--copy-devices", "--munge-links", "--fake-super", "--super", "--chmod=777",
		"--usermap=*:root", "--suffix=x", "--remove-source-files", "--iconv=.", "--filter=x", "--exclude-from=/etc/shadow", "--password-file=/etc/shadow", "--early-input=/etc/shadow", "--delete-excluded", "--ignore-errors", "--delete ", " --delete", "--", "-", "", "x", "/etc", "--del*", "--delete\n", "--delete\x00", "--trust-sender", "--no-munge-links", "--partial", "-K",
	} {
		list = append(list, "rsync --server "+flags+" "+option+" . /")
	}
	for _, destination := range []string{". /etc", ". ..", ". /..", ". /.", ". //", ". ./", ". ~", ". /root", "/ .", ". / /", "/ /", ".", "/", ". $HOME", ". `id`", ". /;id", ". /\n", ". / ", "  /", ".  /", ". *", ". '/'", `. \/`} {
		list = append(list, "rsync --server "+flags+" "+destination)
	}
	return append(list, "", " ", strings.Repeat("state", 2000), "rsync --server "+flags+strings.Repeat(" --delete", 1000)+" . /", "stäte", "state\u2028", "\xff\xfe", "state\x1b[2J")
}

func TestEveryHostileRequestIsRefused(t *testing.T) {
	list := hostile("/tmp/x")
	if len(list) < 60 {
		t.Fatal(len(list))
	}
	for _, request := range list {
		if r, err := Parse(request); err == nil {
			t.Errorf("%q is taken for %+v", request, r)
		} else if strings.ContainsAny(err.Error(), "\n\x00\x1b") || len(err.Error()) > 200 {
			t.Errorf("%q is quoted: %v", request, err)
		}
	}
}

func TestWhatHotpairAsksForIsUnderstood(t *testing.T) {
	for _, request := range []string{"state", "facts", "report", "database", "files", realRsync,
		"rsync --server -logDtprRe.iLsfxCIvu . /", "rsync --server -vvvlWogDtprRe.iLsfxCIvu --numeric-ids . /", "rsync --server -nlogDtprcRe.iLsfxCIvu --delete-after . /",
		"rsync --server -logDtprRe.iLsfxCIvu --delete --force --fsync . /", "rsync --server -lWogDtprRe.LsfxCIvu . /", "rsync --server -nlogDtprRe.iLsfxCIvu --max-delete=-1 . /", "rsync --server -logDtpRe.LsfxCIvu . /",
	} {
		r, err := Parse(request)
		if err != nil || strings.Join(append([]string{r.Kind}, r.Args...), " ") != request {
			t.Errorf("%q: %+v, %v", request, r, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(realRsync)
	f.Add("state")
	for _, request := range hostile("/tmp/x")[:40] {
		f.Add(request)
	}
	f.Fuzz(func(t *testing.T, request string) {
		r, err := Parse(request)
		if err != nil {
			return
		}
		if strings.Join(append([]string{r.Kind}, r.Args...), " ") != request || strings.ContainsAny(request, "\x00\n\r\t'\"`$;&|<>(){}[]*?!#~\\^:,@+") || strings.Contains(request, "..") && !strings.Contains(request, "e..") {
			t.Errorf("%q is taken for %+v", request, r)
		}
		if r.Kind == RsyncRequest && (r.Args[0] != "--server" || strings.Contains(request, "sender") || !strings.HasSuffix(request, " . /")) {
			t.Errorf("%q is taken for %+v", request, r)
		}
	})
}
