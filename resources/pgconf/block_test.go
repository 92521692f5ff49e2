package pgconf

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const ours = "host asterisk postgres 10.0.0.1/32 trust"

var sampleTexts = map[string]string{
	"empty":                      "",
	"a newline":                  "\n",
	"lines":                      "a\n# b\n",
	"no newline at the end":      "a\nb",
	"one line without newline":   "a",
	"CRLF":                       "a\r\nb\r\n",
	"CRLF, no newline":           "a\r\nb",
	"a carriage return":          "\r",
	"a line and a return":        "a\r",
	"CRLF and a return":          "a\r\nb\r",
	"mixed endings":              "a\nb\r\nc",
	"blank lines":                "\n\n a\n\n\n",
	"a backslash at the end":     "a\\",
	"bytes that are no text":     "\xff\xfe\n\x80",
	"words like the markers":     "# END\n # BEGIN hotpair\n# END hotpair.\n",
	"a byte order mark":          "\ufeffa\n",
	"markers in another's words": "## BEGIN hotpair\n#BEGIN hotpair\n",
}

func must(t *testing.T) func([]byte, error) string {
	return func(text []byte, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

func TestStripLeavesTheTextAsItWas(t *testing.T) {
	for name, text := range sampleTexts {
		for edit, put := range map[string]func([]byte, ...string) ([]byte, error){"Prepend": Prepend, "Append": Append} {
			t.Run(edit+"/"+name, func(t *testing.T) {
				once := must(t)(put([]byte(text), ours))
				if diff := cmp.Diff(text, must(t)(Strip([]byte(once)))); diff != "" {
					t.Errorf("after one: %s", diff)
				}
				if diff := cmp.Diff(once, must(t)(put([]byte(once), ours))); diff != "" {
					t.Errorf("twice is not once: %s", diff)
				}
				lines, err := Marked([]byte(once))
				if diff := cmp.Diff([]string{ours}, lines); err != nil || diff != "" {
					t.Error(err, diff)
				}
			})
		}
	}
}

func TestStripOfATextWithoutMarkersIsTheText(t *testing.T) {
	for name, text := range sampleTexts {
		if got := must(t)(Strip([]byte(text))); got != text {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestOurLinesStandFirstOrLast(t *testing.T) {
	if got, want := must(t)(Prepend([]byte("a\r\nb"), "x", "y")), begin+"\r\nx\r\ny\r\n"+end+"\r\na\r\nb"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := must(t)(Append([]byte("a\n"), "x")), "a\n"+begin+"\nx\n"+end+"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := must(t)(Append([]byte("a"), "x")), "a\n"+beginJoined+"\nx\n"+end+"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOtherLinesReplaceOurs(t *testing.T) {
	first := must(t)(Append([]byte("a"), "x"))
	if diff := cmp.Diff(must(t)(Append([]byte("a"), "y", "z")), must(t)(Append([]byte(first), "y", "z"))); diff != "" {
		t.Error(diff)
	}
}

func TestEditsOfAnAdministratorStay(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"before", "new\n" + begin + "\nx\n" + end + "\na\n", "new\na\n"},
		{"after", begin + "\nx\n" + end + "\na\nnew", "a\nnew"},
		{"both", "b\n\n" + begin + "\nx\n" + end + "\n\na", "b\n\n\na"},
		{"between the markers", begin + "\nx\nmine\n" + end + "\na\n", "a\n"},
		{"nothing between the markers", begin + "\n" + end + "\na\n", "a\n"},
		{"the end of END is gone", "a\n" + begin + "\nx\n" + end, "a\n"},
		{"all endings changed", "a\r\n" + beginJoined + "\r\nx\r\n" + end + "\r\n", "a"},
		{"after a line without end", "a\n" + beginJoined + "\nx\n" + end + "\nnew\n", "a\nnew\n"},
		{"the line without end is gone", beginJoined + "\nx\n" + end + "\n", ""},
		{"the line without end edited", "a, changed\n" + beginJoined + "\nx\n" + end + "\n", "a, changed"},
		{"another wording of BEGIN", "a\n# BEGIN hotpair\nx\n" + end + "\nb\n", "a\nb\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, must(t)(Strip([]byte(test.text)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMarkersThatAreNoPairAreAnErrorWithItsLine(t *testing.T) {
	pair := begin + "\nx\n" + end + "\n"
	for _, test := range []struct{ name, text, line string }{
		{"BEGIN without END", "a\n" + begin + "\nx\ny\n", "line 2:"},
		{"END without BEGIN", "a\nb\n" + end + "\n", "line 3:"},
		{"END before BEGIN", end + "\n" + begin + "\n", "line 1:"},
		{"two pairs", pair + "a\n" + pair, "line 5:"},
		{"two BEGIN", begin + "\n" + begin + "\n" + end, "line 2:"},
		{"two END", pair + end, "line 4:"},
		{"END with more", begin + "\r\n" + end + " x\r\n", "line 1:"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := []byte(test.text)
			_, prepended := Prepend(text, ours)
			_, appended := Append(text, ours)
			_, stripped := Strip(text)
			_, marked := Marked(text)
			for _, err := range []error{prepended, appended, stripped, marked} {
				if !errors.Is(err, ErrMarkers) || !strings.HasPrefix(err.Error(), test.line) {
					t.Errorf("got %v, want %s", err, test.line)
				}
			}
		})
	}
}

func TestDropLinesTakesWholeLines(t *testing.T) {
	for _, test := range []struct {
		text    string
		numbers []int
		want    string
	}{
		{"a\nb\nc\n", []int{2}, "a\nc\n"},
		{"a\r\nb\r\nc", []int{1, 3}, "b\r\n"},
		{"a\nb", []int{2, 9}, "a\n"},
		{"a\n", nil, "a\n"},
		{"", []int{1}, ""},
	} {
		if got := string(DropLines([]byte(test.text), test.numbers)); got != test.want {
			t.Errorf("%q without %v: %q", test.text, test.numbers, got)
		}
	}
}
