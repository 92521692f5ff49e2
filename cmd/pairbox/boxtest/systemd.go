package boxtest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Systemd stands for the systemd of a node below a directory: its systemctl keeps
// which units run in files, and writes down what was started and stopped.
type Systemd struct {
	t   testing.TB
	dir string
}

// systemctl tells the state of each unit on a line, as the real one does, with 0
// where any is active. Asterisk runs unless the services are disabled. What a test
// put beside the states is done first at a start or a stop. A state is written as a
// whole: whoever looks meanwhile sees the one before.
const systemctl = `#!/bin/sh
verb=$1; shift
if [ "$1" = -- ]; then shift; fi
units=var/lib/stub/units
code=3
for unit; do
	case $verb in
	is-active)
		state=inactive
		case $unit in asterisk*) [ -e var/lib/wazo/disabled ] || state=active ;; esac
		[ ! -e "$units/$unit" ] || state=$(cat "$units/$unit")
		[ "$state" != active ] || code=0
		echo "$state" ;;
	start | stop)
		echo "systemctl $verb $unit" >>var/log/commands.log
		if [ -e "$units/$unit.$verb" ]; then . "./$units/$unit.$verb"; fi
		code=0 state=active
		[ $verb = start ] || state=inactive
		echo $state >"$units/$unit.new"
		mv "$units/$unit.new" "$units/$unit" ;;
	*) code=0 ;;
	esac
done
exit $code
`

// NewSystemd puts systemctl below a directory.
func NewSystemd(t testing.TB, dir string) *Systemd {
	t.Helper()
	s := &Systemd{t, dir}
	s.put("usr/bin/systemctl", systemctl, 0o755)
	s.put("var/log/commands.log", "", 0o644)
	s.must(os.MkdirAll(filepath.Join(dir, "var/lib/stub/units"), 0o755))
	return s
}

func (s *Systemd) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *Systemd) put(name, text string, mode fs.FileMode) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	s.must(os.MkdirAll(filepath.Dir(path), 0o755))
	s.must(errors.Join(os.WriteFile(path+".new", []byte(text), mode), os.Chmod(path+".new", mode), os.Rename(path+".new", path)))
}

// Is puts a unit into a state, such as "active".
func (s *Systemd) Is(unit, state string) { s.put("var/lib/stub/units/"+unit, state+"\n", 0o644) }

// Does has a start or a stop of a unit do something first.
func (s *Systemd) Does(unit, verb, script string) {
	s.put("var/lib/stub/units/"+unit+"."+verb, script, 0o644)
}

// Runs tells whether a unit is active.
func (s *Systemd) Runs(unit string) bool {
	text, err := os.ReadFile(filepath.Join(s.dir, "var/lib/stub/units", unit))
	return err == nil && string(text) == "active\n"
}

// Calls are the starts and stops so far, such as "start nginx.service".
func (s *Systemd) Calls() string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "var/log/commands.log"))
	s.must(err)
	var calls []string
	for line := range strings.Lines(string(text)) {
		if call, is := strings.CutPrefix(line, "systemctl "); is {
			calls = append(calls, strings.TrimSpace(call))
		}
	}
	return strings.Join(calls, ", ")
}
