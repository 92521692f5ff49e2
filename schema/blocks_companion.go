package schema

func companionBlock() block {
	return block{name: "companion", doc: "What runs on this node only while it serves.", attributes: []attribute{
		{name: "units", kind: unitNames(), doc: "systemd units that are started once this node's telephony answers and stopped when it ceases to serve, such as \"nginx.service\"."},
	}}
}

func endpointBlock() block {
	return block{name: "endpoint", doc: "Where others may ask whether this node serves.", attributes: []attribute{
		{name: "listen", kind: listenAddress(), doc: "The address and port, or the path of a socket, on which the daemon tells by HTTP whether this node serves; nowhere unless set."},
		{name: "names", kind: hostNames(), doc: "Host names by which it may be asked, besides localhost and its address."},
	}}
}
