package schema

import (
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A Profile is how phones of one make change to the backup server and back.
type Profile struct {
	Name                     string
	Own                      bool     // a file of the user's names it, or the platform's
	Vendors, Models, Plugins []string // patterns in lower case; none: any
	Backup                   bool     // such a phone can have a backup server
	ToBackup, ToMain         Switching
	Retry                    time.Duration // until a phone asks again that came too early
}

// Switching is how long a phone takes to change to another server.
type Switching struct {
	ByRegistration bool // at its next registration; there is no other figure
	Min, Max       time.Duration
}

// Generic is the profile of phones that no other one is for.
const Generic = "sip"

// profiles are those that some block names.
func (vs values) profiles(blocks map[string]hcl.Range) []Profile {
	var list []Profile
	generic := vs.duration("profile." + Generic + ".retry")
	for _, block := range slices.Sorted(maps.Keys(blocks)) {
		name, is := strings.CutPrefix(block, "profile.")
		if !is {
			continue
		}
		at := func(argument string) string { return block + "." + argument }
		p := Profile{
			Name: name, Own: !strings.HasPrefix(blocks[block].Filename, profilesName),
			Vendors: vs.lowered(at("vendors")), Models: vs.lowered(at("models")), Plugins: vs.lowered(at("plugins")),
			Backup: vs[at("backup")].flag, ToBackup: vs.switching(at("to_backup")), ToMain: vs.switching(at("to_main")),
			Retry: vs.duration(at("retry")),
		}
		switch {
		case p.Retry > 0:
		case p.ToBackup.ByRegistration:
			p.Retry = generic
		default:
			p.Retry = p.ToBackup.Max
		}
		list = append(list, p)
	}
	return list
}

func (vs values) lowered(path string) []string {
	var list []string
	for _, text := range vs.texts(path) {
		list = append(list, strings.ToLower(text))
	}
	return list
}

func (vs values) switching(path string) Switching {
	s, _ := parseSwitching(vs.text(path))
	return s
}

// Is tells whether a profile is for a phone, as the provisioning daemon
// describes it.
func (p Profile) Is(vendor, model, plugin string) bool {
	return matches(p.Vendors, vendor) && matches(p.Models, model) && matches(p.Plugins, plugin)
}

func matches(patterns []string, text string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(pattern string) bool {
		is, _ := path.Match(pattern, strings.ReplaceAll(strings.ToLower(text), "/", " "))
		return is
	})
}

// ProfileOf finds the profile of a phone: one that asks for more wins, the
// user's over a built-in one, and then the first by its name.
func (c *Config) ProfileOf(vendor, model, plugin string) Profile {
	var best Profile
	for _, p := range c.Profiles {
		if p.Is(vendor, model, plugin) && (best.Name == "" || p.weight() > best.weight()) {
			best = p
		}
	}
	return best
}

// weight is how much a profile asks for: a model says more than a plugin, and
// that more than a vendor.
func (p Profile) weight() int {
	weight := 0
	for i, asked := range []bool{p.Own, len(p.Vendors) > 0, len(p.Plugins) > 0, len(p.Models) > 0} {
		if asked {
			weight += 1 << i
		}
	}
	return weight
}
