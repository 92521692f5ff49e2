package schema

import (
	"fmt"
	"iter"
	"slices"

	"github.com/hashicorp/hcl/v2"
)

func (c checked) checkSchedules() hcl.Diagnostics {
	if c.Replication.Runner != "none" && c.Replication.Schedule == "" {
		return hcl.Diagnostics{failing(c.at("replication.schedule"), "Missing argument schedule", "Nothing says when to replicate. Write replication { schedule = \"0 * * * *\" }.")}
	}
	if c.Replication.Runner != "stock" {
		return nil
	}
	for _, path := range []string{"replication.schedule", "replication.files_schedule"} {
		if text := c.values.text(path); text != "" && checkCron(text) != "" {
			return hcl.Diagnostics{failing(c.at(path), "A schedule that cron does not have", fmt.Sprintf("The stock scripts are started by cron(8), which has no %s. Write five fields, such as \"*/15 * * * *\", or runner = \"daemon\".", quote(text)))}
		}
	}
	return nil
}

func (c checked) checkRunner() hcl.Diagnostics {
	r := c.Replication
	switch {
	case r.Runner == "stock" && !c.Platform.hasScripts():
		return hcl.Diagnostics{failing(c.at("replication.runner"), "No scripts to run",
			fmt.Sprintf("Platform %s has no scripts of its own that replicate. Leave runner out: hotpair watch replicates.", quote(c.Platform.Name)))}
	case r.Runner == "stock" && r.Access == "ssh" && c.Database.Enabled && c.Node.Role == Slave:
		return hcl.Diagnostics{warning(c.at("replication.access"), "The database would not be copied",
			"The stock script connects to this node's PostgreSQL from the master, which access = \"ssh\" does not allow. Write access = \"stock\", or leave runner and access out.")}
	}
	return nil
}

func (p Platform) hasScripts() bool {
	s := p.Stock
	return !slices.Contains([]string{s.MasterFile, s.SlaveFile, s.ReplicateDatabase, s.ReplicateFiles, s.CheckMaster}, "")
}

func (c checked) listed(paths ...string) []element {
	var out []element
	for _, path := range paths {
		out = append(out, c.values[path].list...)
	}
	return out
}

// checkDirectories refuses what rsync would copy twice, at different times.
func (c checked) checkDirectories() hcl.Diagnostics {
	var diags hcl.Diagnostics
	seen, below := map[string]bool{}, map[string]string{}
	for _, one := range c.listed("replication.directories", "replication.extra_directories") {
		if detail := overlap(one.text, seen, below); detail != "" {
			diags = append(diags, failing(one.at, "Directory copied twice", detail))
		}
		seen[one.text] = true
		for above := range ancestors(one.text) {
			below[above] = one.text
		}
	}
	return diags
}

// overlap compares a directory with those seen before it; below names one of
// them for each directory above one.
func overlap(one string, seen map[string]bool, below map[string]string) string {
	if seen[one] {
		return fmt.Sprintf("%s is in the list already. Leave it out here.", quote(one))
	}
	if inner, ok := below[one]; ok {
		return fmt.Sprintf("%s contains %s, which is in the list already. Leave one of them out; directories = […] replaces the platform's list.", quote(one), quote(inner))
	}
	for above := range ancestors(one) {
		if seen[above] {
			return fmt.Sprintf("%s lies in %s, which is copied anyway. Leave it out here.", quote(one), quote(above))
		}
	}
	return ""
}

// ancestors are the directories above one, without /.
func ancestors(path string) iter.Seq[string] { return above(path, '/') }

// checkTables says that an exclusion has no effect: what is never copied cannot
// be excluded.
func (c checked) checkTables() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, one := range c.listed("replication.exclude.tables", "replication.extra_exclude.tables") {
		switch {
		case slices.Contains(c.Replication.VersionTables, one.text):
			diags = append(diags, failing(one.at, "Pointless exclusion", fmt.Sprintf("%s holds the version of the data: it is compared and never copied, whatever stands here. Leave it out.", quote(one.text))))
		case slices.Contains(c.Replication.NodeLocalTables, one.text):
			diags = append(diags, failing(one.at, "Pointless exclusion", fmt.Sprintf("%s belongs to one node and is never copied, whatever stands here. Leave it out.", quote(one.text))))
		}
	}
	return diags
}
