package schema

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
)

// checkHostKey accepts "type base64" as in a known_hosts line, without names
// and comment. It quotes nothing: a private key may have been pasted.
func checkHostKey(text string) string {
	const example = "Write what `ssh-keyscan PEER` prints after the address, such as \"ssh-ed25519 AAAA…\"."
	known := []string{
		"ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
		"sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
	}
	fields := strings.Fields(text)
	switch {
	case strings.Contains(text, "PRIVATE KEY"):
		return "This is a private key, which must not be here: replace it on its host. " + example
	case len(fields) > 2 && !slices.Contains(known, fields[0]) && slices.Contains(known, fields[1]):
		return "Leave out the host's name before the key. " + example
	case len(fields) > 2 && slices.Contains(known, fields[0]):
		return "Leave out the comment after the key. " + example
	case len(fields) != 2 || strings.Join(fields, " ") != text:
		return "A key is two words: its type and its base64 text. " + example
	case !slices.Contains(known, fields[0]):
		return "This type of key is not known. Known are " + strings.Join(known, ", ") + ". " + example
	case keyType(fields[1]) != fields[0]:
		return "The base64 text is not a key of that type; a part may be missing. " + example
	}
	return ""
}

// keyType reads the type that an encoded key begins with (RFC 4253 §6.6).
func keyType(encoded string) string {
	blob, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil || len(blob) < 4 {
		return ""
	}
	size := int64(binary.BigEndian.Uint32(blob))
	if size > 64 || int64(len(blob)) <= 4+size {
		return ""
	}
	return string(blob[4 : 4+size])
}
