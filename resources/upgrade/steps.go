package upgrade

// Step is one thing to do, in its order.
type Step struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Where   string `json:"where"`   // master or standby
	Command string `json:"command"` // to be typed there
	Checks  string `json:"checks"`  // what must be so before the next one
	Ours    bool   `json:"ours"`    // hotpair can carry it out
	Warning string `json:"warning,omitempty"`
}

// The names of the steps.
const (
	Pause     = "pause"
	Standby   = "standby"
	Master    = "master"
	Replicate = "replicate"
	Verify    = "verify"
	Resume    = "resume"
)

// Steps are all of them, with the command that upgrades a node of the platform.
func Steps(upgrade string) []Step {
	const here, there = "master", "standby"
	return []Step{
		{Name: Pause, Title: "Pause takeover and replication", Where: here, Command: "hotpair maintenance --for 2h",
			Checks: "the pause is in force, and the standby's hotpair knows it", Ours: true},
		{Name: Standby, Title: "Upgrade the standby", Where: there, Command: upgrade,
			Checks: "the standby has another release than before, and is passive"},
		{Name: Master, Title: "Upgrade the master", Where: here, Command: upgrade,
			Checks:  "the master has the standby's release and serves, and no stock job is back in cron",
			Warning: "calls end while its services restart, and nobody takes over meanwhile"},
		{Name: Replicate, Title: "Replicate", Where: here, Command: "hotpair replicate",
			Checks: "everything was replicated since the master's upgrade", Ours: true},
		{Name: Verify, Title: "Verify", Where: here, Command: "hotpair replicate --verify",
			Checks: "both nodes are equal by content", Ours: true},
		{Name: Resume, Title: "Resume takeover and replication", Where: here, Command: "hotpair maintenance --end",
			Checks: "the pause is over", Ours: true},
	}
}
