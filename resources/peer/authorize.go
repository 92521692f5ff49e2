package peer

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"path"
	"regexp"
	"strings"

	"github.com/hotpair/hotpair/resources/host"
)

// AuthorizedKeys is the file in which the line stands that admits the master.
const AuthorizedKeys = "/root/.ssh/authorized_keys"

// keyComment marks our key and our line.
const keyComment = "hotpair"

// PublicKey understands one line of an ed25519 public key, as ssh-keygen writes
// it, and gives it with our comment instead of its own.
func PublicKey(text []byte) (string, error) {
	const advice = "it is not one public key of type ssh-ed25519, as hotpair_ed25519.pub holds it"
	line := strings.TrimSuffix(string(text), "\n")
	fields := strings.Fields(line)
	if strings.ContainsAny(line, "\n\r") || len(fields) < 2 || len(fields) > 3 || fields[0] != "ssh-ed25519" {
		return "", errors.New(advice)
	}
	blob, err := base64.StdEncoding.Strict().DecodeString(fields[1])
	if err != nil || len(blob) != 4+11+4+32 || !bytes.HasPrefix(blob, []byte("\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20")) { // RFC 8709 §4
		return "", errors.New(advice)
	}
	return fields[0] + " " + fields[1] + " " + keyComment, nil
}

// Admission is the line of authorized_keys that admits the master.
type Admission struct {
	From    netip.Addr // the only address that the key is taken from
	Command []string   // of this program, ending with `peer`
	Key     string     // as PublicKey gives it
}

// line writes the admission (sshd(8), AUTHORIZED_KEYS FILE FORMAT).
func (a Admission) line() (string, error) {
	command, err := quoted(a.Command)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(`restrict,from="%s",command="%s" %s`, a.From, command, a.Key), nil
}

// quoted is a command for the shell that sshd starts it with, inside the
// quotes of an option.
func quoted(command []string) (string, error) {
	var words []string
	for _, word := range command {
		switch {
		case strings.ContainsAny(word, "\"'\\") || host.Printable(word) != word || word == "":
			return "", fmt.Errorf("%q cannot stand in a line of authorized_keys: use a path without quotes and backslashes", word)
		case !plain(word):
			word = "'" + word + "'"
		}
		words = append(words, word)
	}
	return strings.Join(words, " "), nil
}

// ourLine is any line that an Admission wrote, of this version or another, for
// this key or an earlier one.
func ourLine(line string) bool {
	return regexp.MustCompile(`^restrict,from="[0-9a-fA-F.:%]+",command="[^"\\]+ peer" ssh-ed25519 [A-Za-z0-9+/=]+ ` + keyComment + `\n?$`).MatchString(line)
}

// Admitted is the address from which our line takes the master's key; false:
// there is no such line.
func Admitted(h *host.Host) (from netip.Addr, admitted bool, err error) {
	text, err := h.Read(AuthorizedKeys)
	if errors.Is(err, fs.ErrNotExist) {
		return netip.Addr{}, false, nil
	}
	for line := range strings.Lines(string(text)) {
		if ourLine(line) {
			_, after, _ := strings.Cut(line, `from="`)
			address, _, _ := strings.Cut(after, `"`)
			from, err = netip.ParseAddr(address)
			return from, err == nil, err
		}
	}
	return netip.Addr{}, false, err
}

// Authorize puts the admission at the top of authorized_keys, in place of one
// that is there, and keeps every other line to the byte. Nothing is written
// where it stands there already, or with dryRun.
func Authorize(h *host.Host, a Admission, dryRun bool) (changed bool, err error) {
	line, err := a.line()
	if err != nil {
		return false, err
	}
	return edit(h, line+"\n", dryRun)
}

// Revoke takes the admission out again and keeps every other line to the byte.
func Revoke(h *host.Host, dryRun bool) (changed bool, err error) { return edit(h, "", dryRun) }

// edit has our line be the one given. It stands at the top: sshd takes the first
// line with a key, and the file's end need not be touched.
func edit(h *host.Host, ours string, dryRun bool) (changed bool, err error) {
	old, err := h.Read(AuthorizedKeys)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	var kept strings.Builder
	kept.WriteString(ours)
	for line := range strings.Lines(string(old)) {
		if !ourLine(line) {
			kept.WriteString(line)
		}
	}
	text := []byte(kept.String())
	switch {
	case bytes.Equal(old, text):
		return false, nil
	case dryRun:
		return true, nil
	case len(text) == 0:
		return true, h.Remove(AuthorizedKeys)
	}
	if err := h.MakeDir(path.Dir(AuthorizedKeys), 0o700); err != nil {
		return false, err
	}
	return true, h.Exchange(AuthorizedKeys, old, text, 0o600)
}
