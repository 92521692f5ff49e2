package metrics

import "github.com/hotpair/hotpair/resources/replicate"

// replicationFamilies are about what hotpair replicates from this node.
func replicationFamilies() []family {
	parts := func(of func(s replicate.Standing) (value float64, known bool)) func(Sample, telling) {
		return func(s Sample, is telling) {
			for _, part := range s.Replication {
				if value, known := of(part); known {
					is(value, part.What)
				}
			}
		}
	}
	part := []string{"part"}
	return []family{
		{"hotpair_replication_last_good_timestamp_seconds", "The start of the last run after which both nodes held the same; 0: never.", part,
			parts(func(s replicate.Standing) (float64, bool) { return seconds(s.Good), true })},
		{"hotpair_replication_last_compared_timestamp_seconds", "When everything was last compared; 0: never.", part,
			parts(func(s replicate.Standing) (float64, bool) { return seconds(s.Compared), true })},
		{"hotpair_replication_last_verified_timestamp_seconds", "When everything was last found equal by content; 0: never.", part,
			parts(func(s replicate.Standing) (float64, bool) { return seconds(s.Verified), true })},
		{"hotpair_replication_failing", "Whether the last run of the replication failed.", part,
			parts(func(s replicate.Standing) (float64, bool) { return one(!s.Failing.IsZero()), true })},
		{"hotpair_replication_waiting_consent", "Whether the replication waits for consent to overwrite what the standby holds of its own.", part,
			parts(func(s replicate.Standing) (float64, bool) { return one(s.Waits != ""), true })},
		{"hotpair_replication_behind_tables", "Tables that changed on this master since the last good run.", part,
			parts(func(s replicate.Standing) (float64, bool) {
				return float64(len(s.Behind)), s.What == replicate.DatabaseName && s.Unseen == ""
			})},
	}
}
