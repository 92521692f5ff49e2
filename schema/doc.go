// Package schema turns ha.hcl, the description of one node of a pair of
// telephony servers, into a typed [Config] with diagnostics.
//
// It knows the language: which blocks and arguments there are (language.go, a
// table from which decoding, overlay, checks, masking and the reference are
// driven), what a value of each kind looks like, which values contradict each
// other, and the presets of the platforms (platforms/*.hcl, embedded). It knows
// how to say what is wrong, where, and what to do, without ever showing a
// secret. What is known of phones of each make is in the same language
// (profiles/*.hcl): a layer below the platform's.
//
// It does not know what is done with a Config: no network, no database, no
// engine, no clock. This node's addresses, the environment and the files that
// ha.hcl names come in through [Options].
//
// HCL's parser recurses without a limit and its diagnostics print the values
// that they are about. Hence three rules that hold for every source: it passes
// guard before it is parsed, only the kinds of expression that inspect lists
// are evaluated, and nothing is shown but through [Render].
package schema
