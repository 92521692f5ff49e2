package schema

import (
	"slices"
	"strconv"
	"strings"
)

// A shape is what a value looks like in HCL.
type shape int

const (
	shapeText shape = iota
	shapeFlag
	shapeNumber
	shapeList
)

// A cover says what of a value may be shown.
type cover int

const (
	coverNone cover = iota // the language's own words, paths, figures: never secret
	coverURL               // a URL: its password is secret
	coverAll               // always secret
)

// A kind is what an argument may hold. check looks at a text, at the digits of
// a number or at each element of a list, and says in one or more sentences what is
// wrong and what to do, or nothing. It never quotes a covered value.
type kind struct {
	name  string
	shape shape
	cover cover
	check func(text string) string
}

func toggle() kind     { return kind{name: "true or false", shape: shapeFlag} }
func title() kind      { return kind{name: "text", check: checkFilled} }
func secretText() kind { return kind{name: "secret text", cover: coverAll, check: checkFilled} }
func role() kind       { return kind{name: "role", check: checkRole} }
func address() kind    { return kind{name: "IP address", check: checkAddress} }
func port() kind       { return kind{name: "port", shape: shapeNumber, check: checkWithin(1, 65535)} }
func percent() kind {
	return kind{name: "percentage", shape: shapeNumber, check: checkWithin(1, 100)}
}
func count() kind {
	return kind{name: "whole number", shape: shapeNumber, check: checkWithin(1, 1000000)}
}
func duration() kind  { return kind{name: "duration", check: checkDuration} }
func moments() kind   { return kind{name: "duration", check: checkMoments} }
func few() kind       { return kind{name: "whole number", shape: shapeNumber, check: checkWithin(1, 100)} }
func dayWindow() kind { return kind{name: "part of a day", check: checkWindow} }
func addresses() kind {
	return kind{name: "list of IP addresses", shape: shapeList, check: checkWitness}
}
func arguments() kind {
	return kind{name: "program and arguments", shape: shapeList, check: checkArgument}
}
func unitNames() kind {
	return kind{name: "list of systemd units", shape: shapeList, check: CheckUnit}
}
func listenAddress() kind { return kind{name: "listen address", check: checkListen} }
func hostNames() kind {
	return kind{name: "list of host names", shape: shapeList, check: checkHostName}
}
func transports() kind {
	return kind{name: "list of transports", shape: shapeList, check: func(text string) string { return checkOneOf(text, []string{"udp", "tcp"}) }}
}
func expiry() kind   { return kind{name: "duration", check: checkExpiry} }
func schedule() kind { return kind{name: "schedule", check: checkSchedule} }
func cronText() kind { return kind{name: "cron text", check: checkCron} }
func hostKey() kind  { return kind{name: "SSH public key", check: checkHostKey} }
func webURL() kind   { return kind{name: "URL", cover: coverURL, check: checkWebURL} }
func postgresURL() kind {
	return kind{name: "PostgreSQL URL", cover: coverURL, check: checkPostgresURL}
}
func filePath() kind { return kind{name: "path", check: checkPath} }
func paths() kind    { return kind{name: "list of paths", shape: shapeList, check: checkPath} }
func patterns() kind { return kind{name: "list of patterns", shape: shapeList, check: checkPattern} }
func tables() kind   { return kind{name: "list of tables", shape: shapeList, check: checkTable} }
func word() kind     { return kind{name: "name", check: checkWord} }
func words() kind    { return kind{name: "list of names", shape: shapeList, check: checkWord} }
func platformName() kind {
	return kind{name: "platform", check: checkPlatformName}
}

func enum(words ...string) kind {
	return kind{name: alternatives(words), check: func(text string) string { return checkOneOf(text, words) }}
}

func checkFilled(text string) string {
	if strings.TrimSpace(text) == "" {
		return "It is empty. Write a value, or leave the argument out."
	}
	return ""
}

func checkOneOf(text string, words []string) string {
	if slices.Contains(words, text) {
		return ""
	}
	return quote(text) + " is not one of " + alternatives(words) + "." + DidYouMean(text, words)
}

func checkWithin(low, high int) func(string) string {
	return func(digits string) string {
		if n, err := strconv.Atoi(digits); err != nil || n < low || n > high {
			return "It must be a whole number from " + strconv.Itoa(low) + " to " + strconv.Itoa(high) + "."
		}
		return ""
	}
}

// alternatives joins words for a sentence: a, b or c.
func alternatives(words []string) string { return joined(words, " or ") }

// together joins words for a sentence: a, b and c.
func together(words []string) string { return joined(words, " and ") }

func joined(words []string, conjunction string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + conjunction + words[last]
}
