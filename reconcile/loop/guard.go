package loop

import "fmt"

// RoleGuard tells why a change of role waits for consent; "": it does not. A
// daemon that carried every role out would let one wrong file end every call,
// or start a second active node.
//
// Serving is whether calls may be going on at this node. A node without high
// availability may become a master: it serves before and after. It may become a
// standby where it does not serve.
func RoleGuard(from, to string, serving bool) string {
	switch {
	case from == to, from == disabled && to == master, from == disabled && to == slave && !serving:
		return ""
	case to == master || from == slave:
		return fmt.Sprintf("a %s is to become %s: it would serve beside its peer", from, to)
	case from == master && to == disabled:
		return "a master is to leave the pair: its standby would take over nothing any more"
	}
	return fmt.Sprintf("a serving %s node is to become %s: its calls would end", from, to)
}

// The roles, by the names that ha.conf uses.
const (
	master   = "master"
	slave    = "slave"
	disabled = "disabled"
)
