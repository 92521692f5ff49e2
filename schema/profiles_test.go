package schema

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"
)

func TestEmbeddedProfilesAreWithoutMistakesAndLaidOut(t *testing.T) {
	for _, name := range ProfileFiles() {
		text, there := ProfilesText(name)
		src := Source{Name: profilesName + name, Text: text}
		s, diags := decode(src, fromPlatform)
		if problems := guard(src); problems.HasErrors() {
			t.Error(problems)
		}
		if !there || diags.HasErrors() || len(s.blocks) == 0 {
			t.Errorf("%s: %d blocks, %v", name, len(s.blocks), diags)
		}
		if formatted, diags := Format(src); diags.HasErrors() || string(formatted) != string(text) {
			t.Errorf("%s is not in the canonical layout: %v", name, diags)
		}
		for _, set := range s.values {
			if _, problems := evaluateOne(set, nil); problems.HasErrors() {
				t.Error(render(problems, []Source{src}))
			}
		}
	}
	if _, there := ProfilesText("../platforms/wazo"); there {
		t.Error("a profile outside")
	}
}

// The figures of Wildix's table of failover times, in seconds.
const wildix = `wp4x0,60,105,60,105
wp4x0-r2,30,60,10,60
wp4x0-r3,95,145,60,105
vision,60,180,15,45
w24fxsr2,40,45,30,90
w04fxs,30,30,45,300
w02fxsr2,30,60,10,30
w0xpri,10,10,30,180
w01-02bri,10,60,60,180
w04fx0,30,30,45,300
wp600axx,60,180,15,45
android-active,60,180,15,45
android-background,0,0,0,0
`

func TestTheWildixTableIsWhole(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(wildix)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	profiles := map[string]Profile{}
	for _, p := range load(t, source(minimal)...).Profiles {
		profiles[p.Name] = p
	}
	count := 0
	for name := range profiles {
		if strings.HasPrefix(name, "wildix-") {
			count++
		}
	}
	if count != len(rows) {
		t.Errorf("%d profiles for %d rows", count, len(rows))
	}
	for _, row := range rows {
		var want [4]time.Duration
		for i := range want {
			want[i], err = time.ParseDuration(row[i+1] + "s")
			if err != nil {
				t.Fatal(err)
			}
		}
		p := profiles["wildix-"+row[0]]
		if got := [4]time.Duration{p.ToBackup.Min, p.ToBackup.Max, p.ToMain.Min, p.ToMain.Max}; got != want || p.ToBackup.ByRegistration || !p.Backup || p.Retry != p.ToBackup.Max {
			t.Errorf("%s: %+v", row[0], p)
		}
	}
}

func TestPhonesFindTheirProfile(t *testing.T) {
	own := "profile \"lobby\" {\n  vendors = [\"yealink\"]\n  models = [\"T4[68]?\"]\n  to_backup = \"20s\"\n}\nprofile \"mine\" {\n  plugins = [\"wazo-snom-*\"]\n}\nprofile \"yealink\" {\n  retry = \"15s\"\n}\n"
	c := load(t, source(minimal+own)...)
	for phone, want := range map[[3]string]string{
		{"Yealink", "T46S", "wazo-yealink-v86"}:  "lobby",
		{"YEALINK", "t48g", ""}:                  "lobby",
		{"Yealink", "T31G", "wazo-yealink-v86"}:  "yealink",
		{"Yealink", "T32G", "wazo-yealink-v72"}:  "yealink-without",
		{"Snom", "D735", "wazo-snom-10.1"}:       "mine",
		{"Snom", "D735", "xivo-snom-8"}:          "snom",
		{"Wildix", "WP480 R3", ""}:               "wildix-wp4x0-r3",
		{"Wildix", "Android 14", ""}:             "wildix-android-active",
		{"Cisco", "7940G", "wazo-cisco-sccp"}:    Generic,
		{"Cisco", "SPA504G", "xivo-cisco-spa"}:   "cisco-spa",
		{"", "", ""}:                             Generic,
		{"Nobody/Somebody", "a/b", "c/d"}:        Generic,
		{"Alcatel-Lucent", "4018", "x"}:          "alcatel",
		{"Polycom", "VVX410", "xivo-polycom"}:    Generic,
		{"Polycom", "SPIP650", "xivo-polycom-4"}: "polycom-without",
	} {
		if got := c.ProfileOf(phone[0], phone[1], phone[2]); got.Name != want {
			t.Errorf("%v: %s, want %s", phone, got.Name, want)
		}
	}
	yealink := c.ProfileOf("Yealink", "T31G", "")
	if yealink.Retry != 15*time.Second || yealink.ToMain.Max != 2*time.Minute || !yealink.Own {
		t.Errorf("an argument of one's own does not overlay the profile: %+v", yealink)
	}
	if at := c.Origin("profile.yealink.to_main"); !strings.HasPrefix(at, "profiles desk, line ") {
		t.Errorf("it comes from %q", at)
	}
	if lobby := c.ProfileOf("Yealink", "T46S", ""); lobby.ToBackup.Max != 20*time.Second || lobby.Retry != 20*time.Second || !lobby.ToMain.ByRegistration {
		t.Errorf("%+v", lobby)
	}
}

func TestWhatAProfileDoesNotSayTheGenericOneDoes(t *testing.T) {
	c := load(t, source(minimal+"profile \"sip\" {\n  retry = \"20s\"\n}\nprofile \"bare\" {\n}\n")...)
	for _, p := range c.Profiles {
		if p.Name == "bare" && (p.Retry != 20*time.Second || !p.ToBackup.ByRegistration || !p.Backup) {
			t.Errorf("%+v", p)
		}
	}
	if got := c.ProfileOf("Nobody", "", ""); got.Name != "bare" {
		t.Errorf("of two for every phone the first by name is taken, not %s", got.Name)
	}
}
