package schema

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

const (
	longestUnit = 255 // systemd.unit(5)
)

// CheckUnit says what is wrong with a text as the full name of a systemd unit
// (systemd.unit(5)) that can be started and stopped; "": nothing.
func CheckUnit(text string) string {
	suffix := path.Ext(text)
	name := strings.TrimSuffix(text, suffix)
	switch types := []string{".service", ".target", ".socket", ".timer", ".path", ".mount"}; {
	case text == "":
		return "It is empty. Write the name of a unit, such as \"nginx.service\"."
	case !regexp.MustCompile(`^[A-Za-z0-9:_][A-Za-z0-9:_.\\-]*(@[A-Za-z0-9:_.\\-]*)?$`).MatchString(text) || len(text) > longestUnit:
		return quote(text) + " is not the name of a systemd unit. Write one as `systemctl list-units` shows it, such as \"nginx.service\"."
	case !slices.Contains(types, suffix):
		return quote(text) + " names no type of unit. Write " + quote(text+".service") + ", or another of the types " + together(types) + "."
	case strings.HasSuffix(name, "@"):
		return quote(text) + " is a template. Name an instance of it, such as " + quote(name+"main"+suffix) + "."
	}
	return ""
}

func (c checked) checkCompanions() hcl.Diagnostics {
	const units = "companion.units"
	var diags hcl.Diagnostics
	for _, unit := range c.values[units].list {
		if owner := c.keeps(unit.text); owner != "" {
			diags = append(diags, failing(unit.at, "Not a companion", fmt.Sprintf("%s is %s. Name what runs beside it, such as \"nginx.service\".", quote(unit.text), owner)))
		}
	}
	switch {
	case len(c.Companion.Units) == 0:
	case c.Node.Role == Disabled:
		diags = append(diags, warning(c.at(units), "Nobody keeps the companions", "A node that is in no pair neither takes over nor stands by: its units are left as they are. Enable them with systemctl."))
	case c.Replication.Runner != "daemon":
		diags = append(diags, warning(c.at(units), "Nobody keeps the companions", fmt.Sprintf("replication.runner is %q, so hotpair does not decide who serves, and leaves the units as they are. Leave runner out.", c.Replication.Runner)))
	}
	return diags
}

// keeps tells what a unit is that follows nothing: hotpair itself, and what it
// looks after by other means.
func (c checked) keeps(unit string) string {
	is := func(name string) bool {
		return name != "" && strings.TrimSuffix(unit, ".service") == strings.TrimSuffix(name, ".service")
	}
	switch {
	case is("hotpair"):
		return "hotpair itself, which would stop with it"
	case is(c.Platform.Telephony.Unit):
		return "the telephony that companions follow"
	case is(c.Platform.PostgreSQL.Unit):
		return "the database, which a standby needs too"
	}
	return ""
}
