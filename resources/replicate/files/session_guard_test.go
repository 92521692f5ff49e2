package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"
)

func TestASessionsDeletesSpareWhatIsExcluded(t *testing.T) {
	p := newPair(t)
	p.options.Exclude = []string{"/etc/asterisk/d/*.local"}
	put(t, p.standby+"/etc/asterisk/d/a.local", "x")
	put(t, p.standby+"/etc/asterisk/d/b", "x")
	p.send(p.session(), "/etc/asterisk/d")
	if _, err := os.Stat(p.standby + "/etc/asterisk/d/a.local"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(p.standby + "/etc/asterisk/d/b"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("b: %v", err)
	}
}

func TestASessionsGuardCountsWhatComesLittleByLittle(t *testing.T) {
	p := newPair(t)
	for i := range 100 {
		p.write(fmt.Sprintf("/etc/asterisk/%03d", i), "x")
	}
	p.run()
	s := p.session()
	deleted := 0
	var held *DeletesError
	for i := 0; i < 100 && held == nil; i += 10 {
		var paths []string
		for j := i; j < i+10; j++ {
			name := fmt.Sprintf("/etc/asterisk/%03d", j)
			must(t, os.Remove(p.master+name))
			paths = append(paths, name)
		}
		p.write("/etc/asterisk/new", fmt.Sprint(i))
		r, err := s.Send(t.Context(), append(paths, "/etc/asterisk/new"))
		if err != nil && !errors.As(err, &held) {
			t.Fatal(err)
		}
		for _, c := range r.Changes {
			if c.Verb == Delete {
				deleted++
			}
		}
	}
	if held == nil || held.Deletes != 30 || deleted != 20 {
		t.Fatalf("%d deleted, %v", deleted, held)
	}
	if text, err := os.ReadFile(p.standby + "/etc/asterisk/new"); err != nil || string(text) != "20" {
		t.Errorf("all but the deletes: %q, %v", text, err)
	}
	must(t, os.RemoveAll(p.master+"/etc/asterisk"))
	must(t, os.Mkdir(p.master+"/etc/asterisk", 0o755))
	if _, err := p.session().Send(t.Context(), all(t, p.standby)); !errors.Is(err, ErrDeletes) {
		t.Errorf("emptied: %v", err)
	}
}
