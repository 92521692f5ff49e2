package schema

func companionBlock() block {
	return block{name: "companion", doc: "What runs on this node only while it serves.", attributes: []attribute{
		{name: "units", kind: unitNames(), doc: "systemd units that are started once this node's telephony answers and stopped when it ceases to serve, such as \"nginx.service\"."},
	}}
}
