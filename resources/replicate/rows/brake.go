package rows

import (
	"fmt"
	"maps"
	"slices"
)

// harmless is how many rows a run may always delete.
const harmless = 50

// suspicious refuses a master that is not the one of the last good run, or that
// was set back since.
func (j *Job) suspicious(p *pair) error {
	if j.AcceptMaster || j.Memory == nil {
		return nil
	}
	if p.seen.Master.System != j.Memory.Master.System {
		return &Brake{Why: "the master's database is another one than at the last good run: it was reinstalled, upgraded to a new cluster, or another server answers"}
	}
	for _, name := range slices.Sorted(maps.Keys(j.Memory.Master.Sequences)) {
		now, used := p.seen.Master.Sequences[name]
		then := j.Memory.Master.Sequences[name]
		if _, there := p.on.sequences[name]; there && (!used || now < then) {
			return &Brake{Why: fmt.Sprintf("sequence %s of the master went back, from %d to %d: an older state was restored there", name, then, now)}
		}
	}
	return nil
}

// brake refuses a run that would delete too much. Before the first good run a
// standby may hold whatever its installation made, so only a master that has
// much less than it is refused.
func (j *Job) brake(differing []*difference, rows map[string]int64) error {
	if j.AcceptMaster {
		return nil
	}
	var gone, master int64
	for _, n := range rows {
		master += n
	}
	standby := master
	for _, d := range differing {
		gone += d.goneRows
		standby += d.standby - d.master
	}
	lost := gone
	if j.Memory == nil {
		lost = standby - master
	}
	if lost <= harmless || lost*100 <= int64(j.MaxDelete)*standby {
		return nil
	}
	return &Brake{Why: fmt.Sprintf("this run would delete %d of the standby's %d rows, more than replication.max_delete (%d %%) allows: the master looks emptied or reinstalled", lost, standby, j.MaxDelete)}
}
