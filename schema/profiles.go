package schema

import (
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
)

const profilesName = "profiles "

// ProfileFiles are the names of the embedded files of profiles, in alphabetical
// order.
func ProfileFiles() []string { return embeddedIn("profiles") }

// ProfilesText is one of them as it was written, and whether there is one of
// that name.
func ProfilesText(name string) ([]byte, bool) {
	return embeddedText(profilesName + name)
}

// builtIn are the embedded profiles. A test keeps them free of mistakes.
func builtIn() (settings, []Source) {
	all := newSettings()
	var texts []Source
	for _, name := range ProfileFiles() {
		text, _ := ProfilesText(name)
		src := Source{Name: profilesName + name, Text: text}
		s, _ := decode(src, fromPlatform)
		all.overlay(s)
		texts = append(texts, src)
	}
	return all, texts
}

func makes() kind {
	return kind{name: "list of patterns", shape: shapeList, check: checkMake}
}

func switching() kind { return kind{name: "time or registration", check: checkSwitching} }

func checkMake(text string) string {
	if _, err := path.Match(text, ""); err != nil {
		return quote(text) + " is not a pattern: a [ is not closed, or empty. Write one such as \"T4?S\" or \"VVX*\"."
	}
	return checkFilled(text)
}

// checkName takes what can stand in the path of an argument.
func checkName(text string) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	if text == "" || len(text) > 40 || strings.Trim(text, letters) != "" {
		return "A name has at most 40 letters, digits, - and _. Write one such as \"lobby\" or \"door-phones\"."
	}
	return ""
}

func checkSwitching(text string) string {
	_, wrong := parseSwitching(text)
	return wrong
}

// parseSwitching reads "registration", "30s" or "30s-60s"; nothing is
// "registration".
func parseSwitching(text string) (Switching, string) {
	if text == "" || text == "registration" {
		return Switching{ByRegistration: true}, ""
	}
	low, high, span := strings.Cut(text, "-")
	if !span {
		low, high = "0s", text
	}
	var ends [2]time.Duration
	for i, end := range []string{low, high} {
		d, wrong := parseDuration(end)
		switch {
		case end == "0s":
		case wrong == "" && d > mostExpiry:
			return Switching{}, "More than 24 hours: nobody could phone for as long. Write minutes or seconds, such as \"30s-60s\"."
		case wrong != "":
			return Switching{}, quote(text) + " is neither \"registration\" nor a time. Write one such as \"60s\", or the shortest and the longest: \"30s-60s\"."
		}
		ends[i] = d
	}
	if ends[0] > ends[1] {
		return Switching{}, fmt.Sprintf("%s ends before it begins. Write the shortest time first: %q.", quote(text), high+"-"+low)
	}
	return Switching{Min: ends[0], Max: ends[1]}, ""
}

// checkProfiles refuses what says two things of one phone.
func (c checked) checkProfiles() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, p := range c.Profiles {
		path := "profile." + p.Name
		mine := func(argument string) bool { return c.values[path+"."+argument].from == fromUser }
		switch {
		case p.Backup:
		case p.Name == Generic:
			diags = append(diags, failing(c.at(path+".backup"), "No phone would have a backup",
				"The profile sip is for all phones that no other profile is for. Write a profile of your own for those that cannot have a backup server."))
		case mine("backup") && (mine("to_backup") || mine("retry")):
			diags = append(diags, failing(c.at(path+".backup"), "A backup and none",
				"backup = false says that such a phone can have no backup server, the rest of this profile says how it changes to one. Leave one of them out."))
		}
	}
	return diags
}
