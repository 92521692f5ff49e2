// Package companion has units of a machine that is no node of a pair run only
// while a linked node is active: the web server of XiVO CC beside its XiVO.
//
// It asks the node by HTTP whether it is active, as package endpoint tells, or
// XiVO itself does. Decide makes of the answers what the units are to do, and why.
//
// What a maintainer needs to know:
//
//   - Silence is no "inactive". Who cannot reach the node does not know whether it
//     serves, and may be cut off himself: the units stay as they are, unless the
//     policy names a time after which silence stops them.
//   - A redirection, an error status, and an answer without a JSON boolean "active"
//     are silence too. 503 is what a node says that does not know yet.
//   - Of several addresses the first that answers counts: they are ways to one node.
//   - What an answer says besides is not read. It may come from anybody where it
//     comes without TLS, so that nothing but "active" must follow from it.
//   - The units stay as they are when this ends: an upgrade must not stop them.
package companion
