package pgconf

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shown writes fields as field|field, their tokens as token,token and a quoted
// one as <token>.
func shown(fields [][]token) string {
	var columns []string
	for _, field := range fields {
		var words []string
		for _, t := range field {
			if t.quoted {
				t.text = "<" + t.text + ">"
			}
			words = append(words, t.text)
		}
		columns = append(columns, strings.Join(words, ","))
	}
	return strings.Join(columns, "|")
}

func TestALineIsSplitAsPostgreSQLDoes(t *testing.T) {
	for line, want := range map[string]string{
		"":                           "",
		" \t\r":                      "",
		"# all":                      "",
		"a  b\tc\rd":                 "a|b|c|d",
		"a\vb\fc":                    "a\vb\fc",
		"a#b c":                      "a",
		`"a#b" c`:                    "<a#b>|c",
		"a,b c":                      "a,b|c",
		"a, b,\tc d":                 "a,b,c|d",
		"a ,b":                       "a|b",
		"a,,b":                       "a,b",
		",a ,, b":                    "a|b",
		"a, # b":                     "a",
		"a,":                         "a",
		`"a b" "c,d"`:                "<a b>|<c,d>",
		`"a""b"`:                     `<a"b>`,
		`""`:                         "<>",
		`""""`:                       `<">`,
		`"all",all`:                  "<all>,all",
		`al"l"`:                      "all",
		`""all`:                      "<all>",
		`"a"b"c"`:                    "<abc>",
		`"open`:                      "<open>",
		`"open ,#`:                   "<open ,#>",
		"host all all ::1/128 trust": "host|all|all|::1/128|trust",
	} {
		if got := shown(split(line)); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}

func TestRecordsKnowTheirLines(t *testing.T) {
	type found struct {
		Line, Last int
		Fields     string
	}
	for _, test := range []struct {
		name, text string
		want       []found
	}{
		{"none", "", nil},
		{"blank lines and comments", "\n# a\n  \n b c\n", []found{{4, 4, "b|c"}}},
		{"no newline at the end", "a\nb", []found{{1, 1, "a"}, {2, 2, "b"}}},
		{"CRLF", "a b\r\n\r\nc\r\n", []found{{1, 1, "a|b"}, {3, 3, "c"}}},
		{"continued", "a \\\nb\\\nc\nd\n", []found{{1, 3, "a|bc"}, {4, 4, "d"}}},
		{"continued with CRLF", "a \\\r\nb\r\nd\r\n", []found{{1, 2, "a|b"}, {3, 3, "d"}}},
		{"continued from nothing", "\\\n\\\na\n", []found{{1, 3, "a"}}},
		{"continued to the end", "a\\", []found{{1, 1, "a"}}},
		{"a comment goes on", "# a \\\nb\nc\n", []found{{3, 3, "c"}}},
		{"a quote does not go on", "\"a\nb\n", []found{{1, 1, "<a>"}, {2, 2, "b"}}},
		{"a backslash inside", `a\b` + "\n", []found{{1, 1, `a\b`}}},
		{"a backslash and a blank", "a\\ \nb\n", []found{{1, 1, `a\`}, {2, 2, "b"}}},
		{"two backslashes, then nothing", "a\\\\\n\nb\n", []found{{1, 2, `a\`}, {3, 3, "b"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []found
			for _, rec := range records(test.text) {
				got = append(got, found{rec.line, rec.last, shown(rec.fields)})
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
