package metrics

// nodeFamilies are about the node and what it should be.
func nodeFamilies() []family {
	looked := func(of func(s Sample) float64) func(Sample, telling) {
		return func(s Sample, is telling) {
			if s.Known {
				is(of(s))
			}
		}
	}
	return []family{
		{"hotpair_build_info", "The version of hotpair that runs; always 1.", []string{"version"}, func(s Sample, is telling) { is(1, s.Version) }},
		{"hotpair_node_info", "What the node is by ha.hcl; always 1.", []string{"role", "platform", "peer"}, func(s Sample, is telling) {
			if s.Known {
				is(1, s.Role, s.System, s.Peer)
			}
		}},
		{"hotpair_last_look_timestamp_seconds", "When hotpair last looked at the node; 0: it could not yet.", nil, func(s Sample, is telling) { is(seconds(s.Looked)) }},
		{"hotpair_last_look_successful", "Whether the last look at the node, and what followed from it, succeeded.", nil, func(s Sample, is telling) {
			if s.Watch != nil {
				is(one(s.Watch.Failure == ""))
			}
		}},
		{"hotpair_unseen", "Things that could not be looked at.", nil, func(s Sample, is telling) { is(float64(len(s.Unseen))) }},
		{"hotpair_differences", "Things on the node that are not as ha.hcl has them.", nil, looked(func(s Sample) float64 { return float64(s.Differences) })},
		{"hotpair_drifted", "Things on the node that were in order before somebody else changed them.", nil, looked(func(s Sample) float64 { return float64(s.Drifted) })},
		{"hotpair_fought", "Things that somebody else keeps changing, and that are left to him.", nil, func(s Sample, is telling) {
			if s.Watch != nil {
				is(float64(len(s.Watch.Fought)))
			}
		}},
		{"hotpair_waiting_consent", "Actions that are owed and wait for consent.", nil, looked(func(s Sample) float64 { return float64(len(s.Waiting())) })},
	}
}

// configFamilies are about ha.hcl.
func configFamilies() []family {
	watched := func(of func(s Sample) bool) func(Sample, telling) {
		return func(s Sample, is telling) {
			if s.Watch != nil {
				is(one(of(s)))
			}
		}
	}
	return []family{
		{"hotpair_config_valid", "Whether ha.hcl can be used; where it cannot, the last good one stays in force.", nil,
			watched(func(s Sample) bool { return s.Watch.Problem+s.Watch.Lost == "" })},
		{"hotpair_config_waiting", "Whether a newer ha.hcl waits for hotpair apply.", nil, watched(func(s Sample) bool { return s.Watch.Waits != "" })},
		{"hotpair_config_last_reload_timestamp_seconds", "When ha.hcl last came into force; 0: never.", nil, func(s Sample, is telling) { is(seconds(s.Accepted)) }},
	}
}
