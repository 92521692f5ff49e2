package crontab

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWithChangesNothingButItsArguments(t *testing.T) {
	for _, test := range []struct{ line, schedule, want string }{
		{"0 * * * * root a b >/dev/null\n", "5 * * * *", "5 * * * * wazo /x 10.0.0.2 >/dev/null\n"},
		{"\t0  *\t* * *\troot \ta  b\t2>&1 | logger a b\r\n", "5 1 * * *", "\t5  1\t* * *\twazo \t/x  10.0.0.2\t2>&1 | logger a b\r\n"},
		{"0 * * * * root a a", "0 * * * *", "0 * * * * wazo /x 10.0.0.2"},
		{"@daily  root a b>c\n", "0  4 * * *", "0 4 * * *  wazo /x 10.0.0.2>c\n"},
		{"0  4 * * * root a b;c\n", "@daily", "@daily wazo /x 10.0.0.2;c\n"},
		{"# 0 * * * * root a b\n", "5 * * * *", "# 5 * * * * wazo /x 10.0.0.2\n"},
	} {
		old := parseLine(test.line)
		got := old.With(test.schedule, "wazo", []string{"/x", "10.0.0.2"})
		if diff := cmp.Diff(test.want, got.Text); diff != "" || got.Paused != old.Paused {
			t.Error(diff)
		}
	}
}

func TestWithItsOwnPartsALineStays(t *testing.T) {
	for _, text := range []string{"0  * *\t* * root a  b >c 2>&1\r\n", "@daily root a", "#0 * * * * root >x\n"} {
		l := parseLine(text)
		if got := l.With(l.Job.Schedule, l.Job.User, l.Job.Words); got.Text != text {
			t.Errorf("%q became %q", text, got.Text)
		}
	}
}

func TestWithRefusesWhatDoesNotFit(t *testing.T) {
	for _, text := range []string{"PATH=/bin\n", "0 * * * * root a\n", "# prose\n"} {
		if got := parseLine(text).With("5 * * * *", "root", []string{"a", "b"}); got.Text != text {
			t.Errorf("%q became %q", text, got.Text)
		}
	}
}
