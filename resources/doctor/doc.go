// Package doctor looks whether a pair has what it needs: each thing that the
// documentation of the platforms asks for in prose is a check with a stable code,
// a sentence, why it matters, and the command or the edit that mends it.
//
// The register is in register.go: a further check is a function and one line
// there. A check only looks. All of a run go on side by side, each with a limit of
// its own, so that one that hangs holds no other up.
//
// What a maintainer needs to know:
//
//   - Unless the peer is to be asked, nothing is sent to it. A name server may be
//     asked for names that ha.hcl has.
//   - The master asks its peer over the channel, by the request `facts`: the peer
//     answers with what only it knows and what its own checks found. That is
//     hostile: whoever holds the standby could have written it, so that codes and
//     results are checked and texts are cut and made printable.
//   - A standby has no channel to its master. It asks by ping and SIP alone; what
//     else the master would tell, it tells when it is asked itself.
//   - Several checks share what is looked at once: a plan, a connection, the facts.
//     Whoever asks first has it made; each waits for it no longer than for its own
//     limit.
//   - Unlike the other subpackages this one stands above the register of kinds: it
//     uses package resources, and is not used by it.
package doctor
