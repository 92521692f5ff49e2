// Package sip writes requests to a SIP server (RFC 3261), reads what it answers,
// and answers its challenges (RFC 2617, RFC 7616). Whatever it reads is hostile: it is bounded,
// strict, and fuzzed.
package sip
