// Package netns makes networks of the kernel's own for tests and measurements:
// nodes in namespaces, each with an interface eth0 and an address of its own,
// joined by a bridge, with no way out of the machine.
//
// A node's packets can be dropped, all of them, at random or by what they are, one
// way or both; its cable can be pulled, and its power be cut. Delay needs netem, which not every kernel has:
// put a small proxy in between.
//
// The namespaces carry the program's process number in their names. What a
// program left that died is removed by the next one: namespaces, and the
// processes that still run in them. Root is needed, and the programs ip and nft.
package netns
