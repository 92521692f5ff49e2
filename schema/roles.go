package schema

import (
	"strings"
)

// roleOf reads a role; main and primary, standby and secondary are synonyms.
func roleOf(text string) (Role, bool) {
	switch text {
	case "master", "main", "primary":
		return Master, true
	case "slave", "standby", "secondary":
		return Slave, true
	case "disabled":
		return Disabled, true
	}
	return "", false
}

func checkRole(text string) string {
	if _, ok := roleOf(text); ok {
		return ""
	}
	words := []string{"master", "slave", "disabled", "main", "standby", "primary", "secondary"}
	advice := DidYouMean(text, words)
	if _, ok := roleOf(strings.ToLower(text)); ok {
		advice = " Did you mean " + quote(strings.ToLower(text)) + "?"
	}
	return quote(text) + " is not a role. A role is master, slave or disabled (main and primary mean master, standby and secondary mean slave)." + advice
}
