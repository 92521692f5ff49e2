// Package pattern has regular expressions that are compiled when they are first
// needed. What a package compiles when the program starts, each command waits for:
// all of hotpair's took a millisecond and 1.5 MiB.
package pattern

import (
	"regexp"
	"sync"
)

// Lazy gives an expression, the same each time. It panics where that is none, as
// regexp.MustCompile does.
func Lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// Longest is Lazy with the longest match of all, as POSIX has it.
func Longest(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp {
		made := regexp.MustCompile(expression)
		made.Longest()
		return made
	})
}
