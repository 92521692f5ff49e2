package replicate

import (
	"testing"
	"time"
)

func TestSingleFilesMendNoWholeRun(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC) }
	whole := func(hour int, result, trouble string) Entry {
		return Entry{At: at(hour), What: FilesName, Result: result, Error: trouble, Full: true}
	}
	single := func(hour int, result, trouble string) Entry {
		return Entry{At: at(hour), What: FilesName, Result: result, Error: trouble, Single: true}
	}
	for _, c := range []struct {
		name    string
		entries []Entry
		want    Marks
	}{
		{"single files are no whole run", []Entry{whole(1, Copied, ""), single(2, Copied, "")}, Marks{Tried: at(1), Good: at(2), Compared: at(1)}},
		{"they mend their own failure", []Entry{whole(1, Copied, ""), single(2, Failed, "x"), single(3, Copied, "")}, Marks{Tried: at(1), Good: at(3), Compared: at(1)}},
		{"but not a whole run's", []Entry{whole(1, Failed, "guard"), single(2, Copied, ""), single(3, Failed, "x")}, Marks{Tried: at(1), Failure: "guard", Failing: at(1)}},
		{"which becomes the failure", []Entry{single(1, Failed, "x"), whole(2, Failed, "guard"), single(3, Copied, "")}, Marks{Tried: at(2), Failure: "guard", Failing: at(1)}},
		{"until a whole run is good", []Entry{whole(1, Failed, "guard"), whole(2, Unchanged, ""), single(3, Copied, "")}, Marks{Tried: at(2), Good: at(3), Compared: at(2)}},
	} {
		var got Marks
		for _, e := range c.entries {
			got.mark(e)
		}
		if got != c.want {
			t.Errorf("%s:\n%+v, want\n%+v", c.name, got, c.want)
		}
	}
}
