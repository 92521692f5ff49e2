package peer

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// errRsync does not say which word: whoever asks with hotpair's own words never
// sees it.
var errRsync = errors.New("an rsync that hotpair does not start: it may only receive into the declared directories")

// rsyncFlags are the short options of a receiving server, as rsync's
// server_options() puts them together for -a, -R, -W, -J, -c, -n, -d and -v, and
// behind them, as the value of e, what the client is capable of. s among the
// flags would take the arguments from the connection instead of from here.
const rsyncFlags = `^-[vnldJWogDtprcR]{1,24}e[0-9]{0,2}\.[0-9]{0,2}[A-Za-z]{0,16}$`

// rsyncWords are the options that may follow. None names a file, another program
// or another way of writing; -@-1 compares times to the nanosecond.
const rsyncWords = `^(-@-1|--(delete|delete-after|delete-delay|delete-during|max-delete=(-1|[0-9]{1,9})|timeout=[0-9]{1,5}|log-format=(%i|%i%I|%o|X)|no-implied-dirs|no-i-r|no-r|numeric-ids|force|fsync|stats))$`

// rehearses tells whether an rsync that was checked writes nothing.
func rehearses(args []string) bool {
	if len(args) < 2 {
		return false
	}
	flags, _, _ := strings.Cut(args[1], "e")
	return strings.Contains(flags, "n")
}

// checkRsync checks the words after `rsync`, one by one.
func checkRsync(args []string) error {
	const before, behind = 2, 2
	if len(args) < before+behind || args[0] != "--server" || !slices.Equal(args[len(args)-behind:], []string{".", "/"}) {
		return errRsync
	}
	if !regexp.MustCompile(rsyncFlags).MatchString(args[1]) {
		return errRsync
	}
	words := regexp.MustCompile(rsyncWords)
	for _, word := range args[before : len(args)-behind] {
		if !words.MatchString(word) {
			return errRsync
		}
	}
	return nil
}
