package crontab

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJobsAreReadAsCronDoes(t *testing.T) {
	sync := func(schedule string, words ...string) *Job {
		return &Job{Schedule: schedule, User: "root", Words: words}
	}
	compounded := func(schedule string, words ...string) *Job {
		return &Job{Schedule: schedule, User: "root", Words: words, Compound: true}
	}
	for line, want := range map[string]*Job{
		"0 * * * * root wazo-sync":                          sync("0 * * * *", "wazo-sync"),
		"0 * * * * root /usr/bin/wazo-sync >/dev/null\n":    sync("0 * * * *", "/usr/bin/wazo-sync"),
		" \t*/5  1,2-4\t* jan-Mar,12 SUN\troot\ta  b\r\n":   sync("*/5 1,2-4 * jan-Mar,12 SUN", "a", "b"),
		"00 08 09 007 7 root a":                             nil,
		"00 08 09 07 7 root a":                              sync("00 08 09 07 7", "a"),
		"59 23 31 12 7 root a":                              sync("59 23 31 12 7", "a"),
		"0~30 * * * * root a":                               sync("0~30 * * * *", "a"),
		"0-30/10 * * * * root a":                            sync("0-30/10 * * * *", "a"),
		"@daily root a b":                                   sync("@daily", "a", "b"),
		"@hourly\troot\ta":                                  sync("@hourly", "a"),
		"0 * * * * root a 10.0.0.2>/dev/null":               sync("0 * * * *", "a", "10.0.0.2"),
		"0 * * * * root a 10.0.0.2 >/dev/null 2>&1":         sync("0 * * * *", "a", "10.0.0.2"),
		"0 * * * * root a 2>/dev/null":                      sync("0 * * * *", "a"),
		"0 * * * * root a b2>/dev/null":                     sync("0 * * * *", "a", "b2"),
		"0 * * * * root a 5; b":                             compounded("0 * * * *", "a", "5"),
		"0 * * * * root a 5|b":                              sync("0 * * * *", "a", "5"),
		"0 * * * * root a&&b":                               compounded("0 * * * *", "a"),
		"0 * * * * root a >/dev/null 2>&1 || b":             compounded("0 * * * *", "a"),
		"0 * * * * root a &>x":                              sync("0 * * * *", "a"),
		"0 * * * * root a 2>&1 | b":                         sync("0 * * * *", "a"),
		"0 * * * * root a # why":                            sync("0 * * * *", "a"),
		"0 * * * * root a b#c":                              sync("0 * * * *", "a", "b#c"),
		"0 * * * * root a %input":                           sync("0 * * * *", "a"),
		`0 * * * * root a +\%F`:                             sync("0 * * * *", "a", `+\%F`),
		"0 * * * * root >/dev/null":                         sync("0 * * * *"),
		"0 * * * * www-data php":                            {Schedule: "0 * * * *", User: "www-data", Words: []string{"php"}},
		"0 * * * * svc$ a":                                  {Schedule: "0 * * * *", User: "svc$", Words: []string{"a"}},
		"":                                                  nil,
		"\n":                                                nil,
		"MAILTO=root":                                       nil,
		"PATH = /usr/sbin:/usr/bin:/sbin:/bin and more":     nil,
		"0 * * * * root":                                    nil,
		"0 * * * * root \n":                                 nil,
		"0 * * * root wazo-sync":                            nil,
		"60 * * * * root a":                                 nil,
		"0 24 * * * root a":                                 nil,
		"0 * 0 * * root a":                                  nil,
		"0 * 32 * * root a":                                 nil,
		"0 * * 13 * root a":                                 nil,
		"0 * * * 8 root a":                                  nil,
		"0 jan * * * root a":                                nil,
		"*/0 * * * * root a":                                nil,
		"0, * * * * root a":                                 nil,
		"0 * * * * /bin/sh -c a":                            nil,
		"@never root a":                                     nil,
		"@DAILY root a":                                     nil,
		"0\u00a0*\u00a0*\u00a0*\u00a0*\u00a0root wazo-sync": nil,
	} {
		got := Parse([]byte(line))
		if line == "" {
			if got != nil {
				t.Errorf("an empty file has lines: %v", got)
			}
			continue
		}
		if diff := cmp.Diff(File{{Text: line, Job: want}}, got); diff != "" {
			t.Errorf("%q: %s", line, diff)
		}
	}
}

func TestAJobCommentedOutIsPaused(t *testing.T) {
	for line, paused := range map[string]bool{
		"#0 * * * * root wazo-sync\n":                              true,
		"  # ## \t0 * * * * root wazo-sync >/dev/null\r\n":         true,
		"# @daily root wazo-sync":                                  true,
		"# m h dom mon dow user command\n":                         false,
		"# see the documentation of the command wazo-sync\n":       false,
		"# This file is managed by Wazo: wazo-sync runs hourly.\n": false,
		"#\n": false,
	} {
		got := parseLine(line)
		if got.Paused != paused || (got.Job != nil) != paused {
			t.Errorf("%q: %+v", line, got)
		}
	}
}

func TestAFileIsKeptToTheByte(t *testing.T) {
	for _, text := range []string{"", "\n", "a", "a\r\n\r\nb\r", "# x\nPATH=/bin\n\n0 * * * * root a >b\n@daily root c", "\xff\x00\n"} {
		if got := string(Parse([]byte(text)).Bytes()); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestAppendEndsTheLineBefore(t *testing.T) {
	const job = "0 * * * * root a >/dev/null"
	for text, want := range map[string]string{
		"":                      job + "\n",
		"PATH=/bin\n":           "PATH=/bin\n" + job + "\n",
		"PATH=/bin":             "PATH=/bin\n" + job + "\n",
		"@daily root b\r\n\r\n": "@daily root b\r\n\r\n" + job + "\n",
	} {
		before := Parse([]byte(text))
		after := before.Append(job)
		if got := string(after.Bytes()); got != want || after[len(after)-1].Job == nil {
			t.Errorf("%q became %q", text, got)
		}
		if got := string(before.Bytes()); got != text {
			t.Errorf("the file appended to became %q", got)
		}
	}
}

func TestABlankFileHoldsWhiteSpaceOnly(t *testing.T) {
	for text, blank := range map[string]bool{"": true, "\n \t\r\n": true, "#\n": false, "PATH=/bin\n": false} {
		if Parse([]byte(text)).Blank() != blank {
			t.Errorf("%q", text)
		}
	}
}

func TestCronReadsPlainNamesOnly(t *testing.T) {
	for name, reads := range map[string]bool{
		"xivo-ha-master": true, "Wazo_1": true, "": false, "e2scrub.dpkg-old": false,
		".placeholder": false, "xivo~": false, "a b": false, "a\n": false, "ä": false,
	} {
		if Read(name) != reads {
			t.Errorf("%q", name)
		}
	}
}
