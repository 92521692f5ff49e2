// Package sip reads what a SIP server answers (RFC 3261), and answers its
// challenges (RFC 2617, RFC 7616). Whatever it reads is hostile: it is bounded,
// strict, and fuzzed.
package sip
