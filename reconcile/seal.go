package reconcile

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// Sealed is a State fit for storing: secrets are kept as salted digests, which
// can be compared and not be read.
type Sealed map[string]SealedValue

// SealedValue is either a plain text or the digest of a secret.
type SealedValue struct {
	Text   string `json:"text,omitempty"`
	Digest string `json:"digest,omitempty"`
}

// newSalt returns a fresh salt for Seal.
func newSalt() string { return rand.Text() }

// Seal turns a state into what may be stored. nil stays nil: absent.
func Seal(s State, salt string) Sealed {
	if s.Absent() {
		return nil
	}
	sealed := Sealed{}
	for name, v := range s {
		if v.IsSecret() {
			sealed[name] = SealedValue{Digest: digest(salt, name, v.Reveal())}
		} else {
			sealed[name] = SealedValue{Text: v.Reveal()}
		}
	}
	return sealed
}

// State gives the attributes back; the text of a secret is gone, its digest
// stands for it.
func (s Sealed) State() State {
	if len(s) == 0 {
		return nil
	}
	state := State{}
	for name, v := range s {
		state[name] = Text(v.Text)
		if v.Digest != "" {
			state[name] = Secret(v.Digest)
		}
	}
	return state
}

func digest(salt, name, text string) string {
	mac := hmac.New(sha256.New, []byte(salt))
	mac.Write([]byte(name))
	mac.Write([]byte{0})
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}
