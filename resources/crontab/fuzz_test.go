package crontab

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzCrontab: whatever stands in a cron file, it is kept, and an edited or
// added job says exactly what was asked for.
func FuzzCrontab(f *testing.F) {
	for _, text := range []string{
		"", "\n", "a", "PATH=/bin\r\n\r\n", "#", "# see the documentation of the command wazo-sync\n",
		"0 * * * * root /usr/sbin/xivo-master-slave-db-replication 10.0.0.2 >/dev/null\n0 * * * * root /usr/bin/wazo-sync >/dev/null\n",
		"* * * * * root /usr/sbin/xivo-check-master-status 10.0.0.1>/dev/null 2>&1",
		"\t*/5 1,2-4 * jan SUN\twww-data\ta|b\r\n#@daily root a # b\n@hourly root >x",
		`0~9 0 1 1 0 root nice date +\%F 2>x %y`,
	} {
		for i := range schedules {
			f.Add([]byte(text), uint8(i))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, choice uint8) {
		file := Parse(text)
		if !bytes.Equal(file.Bytes(), text) {
			t.Errorf("%q became %q", text, file.Bytes())
		}
		want := Job{Schedule: schedules[int(choice)%len(schedules)], User: "root"}
		for _, line := range file {
			if line.Job == nil {
				continue
			}
			want.Words, want.Compound = nil, line.Job.Compound
			for i := range line.Job.Words {
				want.Words = append(want.Words, fmt.Sprintf("/x/%d.%d", choice, i))
			}
			says(t, line.With(want.Schedule, want.User, want.Words), Line{Job: &want, Paused: line.Paused})
		}
		want.Words, want.Compound = []string{"/usr/bin/wazo-sync"}, false
		added := file.Append(want.Schedule + " root /usr/bin/wazo-sync >/dev/null")
		says(t, added[len(added)-1], Line{Job: &want})
		again := Parse(added.Bytes())
		if diff := cmp.Diff(added, again); diff != "" {
			t.Error(diff)
		}
	})
}

var schedules = []string{"0 * * * *", "*/5 1,2-4 * jan SUN", "@daily"}

func says(t *testing.T, got, want Line) {
	t.Helper()
	want.Text = got.Text
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q: %s", got.Text, diff)
	}
}
