package probe

import (
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// outcomes reads letters: a answered, b busy, s silent, n not asked.
func outcomes(letters string) []outcome {
	answers := map[rune]failover.Answer{'a': failover.Alive, 'b': failover.Busy, 's': failover.Silent, 'n': failover.Unknown}
	var list []outcome
	for i, letter := range letters {
		at := time.Unix(int64(10*i), 0)
		list = append(list, outcome{asked: at, ended: at.Add(time.Second), answer: answers[letter], why: string(letter)})
	}
	return list
}

func TestSomeOutcomesInARowMakeAnAnswer(t *testing.T) {
	for _, tt := range []struct {
		outcomes string
		want     failover.Answer
		since    int // the number of the outcome
	}{
		{"", failover.Unknown, -1},
		{"a", failover.Alive, 0}, {"b", failover.Busy, 0}, {"ss", failover.Unknown, -1}, {"sss", failover.Silent, 0}, {"ssa", failover.Alive, 2},
		{"ass", failover.Alive, 0}, {"asss", failover.Silent, 1}, {"assass", failover.Alive, 0}, {"assasss", failover.Silent, 4},
		{"assssss", failover.Silent, 1},
		{"sssa", failover.Silent, 0}, {"sssaa", failover.Alive, 3}, {"sssasaa", failover.Alive, 5}, {"sssasasa", failover.Silent, 0},
		{"abb", failover.Alive, 0}, {"abbb", failover.Busy, 1}, {"bbb", failover.Busy, 0}, {"baa", failover.Alive, 1}, {"bsss", failover.Silent, 1},
		{"asbs", failover.Busy, 1}, {"assb", failover.Busy, 1}, {"abss", failover.Busy, 1}, {"abssss", failover.Silent, 2}, {"asnsns", failover.Silent, 1}, {"annsnn", failover.Alive, 0}, {"abssbss", failover.Busy, 1},
		{"sssab", failover.Busy, 3}, {"sssba", failover.Busy, 3}, {"sssbaaa", failover.Alive, 4}, {"sssbab", failover.Busy, 3},
		{"n", failover.Unknown, -1}, {"nnnn", failover.Unknown, -1}, {"ann", failover.Alive, 0}, {"annn", failover.Unknown, 1}, {"annna", failover.Alive, 4},
		{"sssnnn", failover.Unknown, 3}, {"annnsss", failover.Silent, 4}, {"nnna", failover.Alive, 3},
	} {
		r := row{fall: 3, rise: 2}
		for _, o := range outcomes(tt.outcomes) {
			r.note(o)
		}
		var since time.Time
		if tt.since >= 0 {
			since = time.Unix(int64(10*tt.since), 0)
		}
		if r.vote.Answer != tt.want || !r.vote.Since.Equal(since) {
			t.Errorf("%s: %s since %s, wanted %s since %s", tt.outcomes, r.vote.Answer, r.vote.Since, tt.want, since)
		}
	}
}

func TestAVoteTellsWhenItWasHeardAndWhatWasLast(t *testing.T) {
	for _, letters := range []string{"a", "as", "asb", "sssn", "absn", "n"} {
		r := row{fall: 3, rise: 2}
		var asked, heard time.Time
		for _, o := range outcomes(letters) {
			r.note(o)
			if o.answer != failover.Unknown {
				asked = o.ended
			}
			if strings.Contains("ab", o.why) {
				heard = o.ended
			}
		}
		if v := r.vote; !v.Asked.Equal(asked) || !v.Heard.Equal(heard) || v.Why != letters[len(letters)-1:] {
			t.Errorf("%s: %+v", letters, v)
		}
	}
}
