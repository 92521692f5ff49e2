package asteriskconf

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const pjsip = `; a header
[global]
type=global

[aors](!)
type = aor
maximum_expiration = 7200 ; long
max_contacts=1

[6001](aors)
[6001]
type=endpoint
[6002](aors)
maximum_expiration => 3600

;-- [dead]
type=aor
--;
[6003]
type=aor
#include more.conf

[provider]
type=registration
expiration=3600`

func TestATrunkThatSaysNothingIsListed(t *testing.T) {
	got := Read(PJSIP, []byte("[base](!)\ntype=registration\n[a](base)\n[b](base)\nexpiration=60\n[c](base)\n[c](+)\nexpiration=120\n")).Trunks
	want := []Override{{Section: "a", Option: "expiration", Line: 3}, {Section: "b", Option: "expiration", Value: "60", Line: 5}, {Section: "c", Option: "expiration", Value: "120", Line: 8}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEverySectionThatDecidesIsEdited(t *testing.T) {
	want := Values{"180", "240", "240"}
	text, err := Edit(PJSIP, []byte(pjsip), want)
	if err != nil {
		t.Fatal(err)
	}
	found := Read(PJSIP, text)
	if found.Values != want || found.Sections != 2 || bytes.Count(text, []byte(begin)) != 2 {
		t.Errorf("%+v in\n%s", found, text)
	}
	if diff := cmp.Diff([]Override{{"6002", "maximum_expiration", "3600", 19}}, found.Overrides); diff != "" {
		t.Error(diff)
	}
	if len(found.Trunks) != 1 || found.Trunks[0].Value != "3600" || len(found.Includes) != 1 {
		t.Errorf("%+v", found)
	}
	if again, err := Edit(PJSIP, text, want); err != nil || !bytes.Equal(again, text) {
		t.Errorf("edited twice, %v:\n%s", err, again)
	}
	if back, err := Strip(text); err != nil || string(back) != pjsip {
		t.Errorf("stripped, %v:\n%s", err, back)
	}
	if before := Read(PJSIP, []byte(pjsip)).Values; before != (Values{"", "", " and 7200"}) {
		t.Errorf("before: %+v", before)
	}
}

func TestChanSIPsGeneralSectionDecides(t *testing.T) {
	const text = "[general]\r\nmaxexpiry=3600\r\n\r\n[peer]\r\nmaxexpiry=1\r\n"
	edited, err := Edit(ChanSIP, []byte(text), Values{"60", "120", "240"})
	if err != nil || Read(ChanSIP, edited).Values != (Values{"60", "120", "240"}) {
		t.Errorf("%v: %q", err, edited)
	}
	if back, err := Strip(edited); err != nil || string(back) != text {
		t.Errorf("%v: %q", err, back)
	}
}

func TestBrokenMarkersAreNamed(t *testing.T) {
	for text, line := range map[string]string{
		"[general]\n; hotpair: begin\nmaxexpiry=1\n": "line 2:",
		"[general]\n\n; hotpair: end\n":              "line 3:",
	} {
		if _, err := Edit(ChanSIP, []byte(text), Values{}); err == nil || !strings.HasPrefix(err.Error(), line) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzAsteriskConf(f *testing.F) {
	f.Add([]byte(pjsip))
	f.Add([]byte("[general](+)\n\\;=;--\n--;[a](b,!)\ntype=>aor\x00"))
	f.Add([]byte("[general]\n; hotpair: begin\n; hotpair: end\n"))
	f.Add([]byte("[a](a)\ntype=aor\n[a](+)\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, d := range []Dialect{PJSIP, ChanSIP} {
			want := Values{"180", "240", "300"}
			plain, err := Strip(text)
			edited, editErr := Edit(d, text, want)
			if (err == nil) != (editErr == nil) {
				t.Fatalf("%v, %v", err, editErr)
			}
			if err != nil {
				continue
			}
			if back, err := Strip(edited); err != nil || !bytes.Equal(back, plain) {
				t.Fatalf("%q comes back as %q (%v)", plain, back, err)
			}
			if again, err := Edit(d, edited, want); err != nil || !bytes.Equal(again, edited) {
				t.Fatalf("%q twice is %q (%v)", edited, again, err)
			}
			if found := Read(d, edited); found.Sections > 0 && found.Values != want {
				t.Fatalf("%q says %+v", edited, found)
			}
		}
	})
}
