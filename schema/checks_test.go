package schema

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestSchedules(t *testing.T) {
	for _, text := range []string{
		"0 * * * *", "*/15 * * * *", "0 3 * * 7", "0 3 * * 5-7", "0 3 * * 0-7", "0 3 * * 1-7/2", "0 3 * * 7,1", "00 05 01 01 *", "0  4 * * *",
		"@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually", "0 0 29 2 *", "0 0 1 jan *", "0 0 * * SUN", "1-5,10-20/5 * * * *", "0 0 30 2 1", "0 0 * * mon-fri", "0 0 * * mon,tue", "0 0 1 Jan-mar,DEC *",
	} {
		if err := checkCron(text); err != "" {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{
		"", " ", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "0 0 * * 8-9", "0 0 31 2,4,6 *", "*/0 * * * *", "0 0 * * 1-7/0",
		"5/15 * * * *", "? * * * *", "0 0 * * monday", "0 0 * * mon-", "0 0 * * fri-mon", "0 0 * mon *", "jan * * * *", "@every 1h", "@every -1s", "@reboot", "@Hourly", "TZ=", "CRON_TZ=", "CRON_TZ=Europe/Paris", "TZ=UTC 0 * * * *",
		"0 * * * *\n", "0\t* * * *", "0 * * * * %", "0 * * * *;", "0 * * * $(id)", "-1 * * * *", "0 - * * *", "0 , * * *", "0 1, * * *", "0 1-2-3 * * *", "0 *-5 * * *", "0 ** * * *", "０ * * * *",
		"99999999999999999999 * * * *", strings.Repeat("0,", 200) + "0 * * * *",
	} {
		if checkCron(text) == "" {
			t.Errorf("%q is accepted", text)
		}
	}
}

func TestSchedulesOfTheDaemon(t *testing.T) {
	for text, good := range map[string]bool{
		"0 * * * *": true, "on_change": true, "@every 15m": true, "@every 10s": true, "@every 168h": true, "@hourly": true,
		"@every": false, "@every ": false, "@every 9s": false, "@every -1m": false, "@every 200h": false, "@every 1m 2m": false, "@every x": false,
		"on_change ": false, "ON_CHANGE": false, "@reboot": false, "CRON_TZ=UTC 0 * * * *": false,
	} {
		if wrong := checkSchedule(text); (wrong == "") != good {
			t.Errorf("%q: %s", text, wrong)
		}
	}
}

func TestSundays(t *testing.T) {
	for field, want := range map[string]string{"7": "0", "5-7": "5,6,0", "1-7/2": "1,3,5,0", "0-7": "0,1,2,3,4,5,6,0", "1,7": "1,0", "*": "*", "0-6": "0-6", "7-7": "0", "*/7": "*/7"} {
		if got := sundays(field); got != want {
			t.Errorf("%s: %s, want %s", field, got, want)
		}
	}
}

func TestOutage(t *testing.T) {
	for body, want := range map[string]string{
		"":                                    `Set sip_expiry.max = "4m" in ha.hcl.`,
		"sip_expiry {\n  max = \"4m\"\n}":     "",
		"sip_expiry {\n  max = \"268s\"\n}":   "",
		"sip_expiry {\n  max = \"269s\"\n}":   `Set sip_expiry.max = "4m" in ha.hcl.`,
		"sip_expiry {\n  default = \"5m\"\n}": `Set sip_expiry.max = "4m" and sip_expiry.default = "4m" in ha.hcl.`,
		"sip_expiry {\n  min = \"265s\"\n  default = \"265s\"\n}":                       `Set sip_expiry.max = "4m28s" in ha.hcl.`,
		"sip_expiry {\n  min = \"5m\"\n  default = \"5m\"\n}":                           `Set objective.max_outage = "5m32s"`,
		"objective {\n  max_outage = \"90s\"\n}\nsip_expiry {\n  min = \"10s\"\n}":      `Set sip_expiry.max = "58s" and sip_expiry.default = "58s" in ha.hcl.`,
		"objective {\n  max_outage = \"30s\"\n}":                                        `Set objective.max_outage = "5m32s"`,
		"objective {\n  max_outage = \"5m32s\"\n}":                                      "",
		"objective {\n  max_outage = \"1h\"\n}\nsip_expiry {\n  max = \"1h\"\n}":        `Set sip_expiry.max = "59m" in ha.hcl.`,
		"objective {\n  max_outage = \"3m30s\"\n}\nsip_expiry {\n  default = \"3m\"\n}": `Set objective.max_outage`,
		"objective {\n  max_outage = \"2m40s\"\n}\nsip_expiry {\n  min = \"1m\"\n}":     `Set sip_expiry.max = "2m" and sip_expiry.default = "2m" in ha.hcl.`,
		"objective {\n  max_outage = \"2m40s\"\n}\nsip_expiry {\n  min = \"121s\"\n}":   `Set sip_expiry.max = "2m8s" and sip_expiry.default = "2m8s" in ha.hcl.`,
	} {
		got := strings.ReplaceAll(warnings(t, minimal+body+"\n"), "\n  ", " ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s\n%s\nwant %s", body, got, want)
		}
	}
	if got := warnings(t, minimal); !strings.Contains(got, "\n  platform wazo, line 44\n") {
		t.Error(got)
	}
	slave := strings.Replace(minimal, "\"master\"", "\"slave\"", 1)
	if got := warnings(t, slave); slave == minimal || got != "" {
		t.Errorf("the master's values come with the database: %s", got)
	}
	if got := warnings(t, slave+"database {\n  enabled = false\n}\n"); !strings.Contains(got, "Phones may take longer") {
		t.Errorf("a standby that holds the values in files is not warned: %q", got)
	}
	if MaxNotice(5*time.Minute) != 332*time.Second {
		t.Error(MaxNotice(5 * time.Minute))
	}
}

// What a warning says to set is accepted and mends it.
func TestTheAdviceMends(t *testing.T) {
	for _, promised := range []string{"2m", "200s", "4m", "301s", "6m"} {
		text := minimal + "objective {\n  max_outage = \"" + promised + "\"\n}\n"
		c := load(t, source(text+"sip_expiry {\n  min = \"1m\"\n  max = \"1h\"\n  default = \"30m\"\n}\n")...)
		fits := c.Objective.MaxOutage - timerF
		if whole := fits.Truncate(time.Minute); whole >= time.Minute {
			fits = whole
		}
		if got := warnings(t, text+"sip_expiry {\n  min = \"1m\"\n  max = \""+short(fits)+"\"\n  default = \""+short(fits)+"\"\n}\n"); got != "" {
			t.Errorf("%s: %s", promised, got)
		}
	}
}

func TestPeersForABox(t *testing.T) {
	text := strings.Replace(minimal, "10.0.0.2", "127.0.0.2", 1) + "sip_expiry {\n  max = \"4m\"\n}\n"
	if got := warnings(t, text); !strings.Contains(got, "pair in a box") {
		t.Error(got)
	}
	if _, diags := Load(source(text), Options{Box: true}); len(diags) > 0 {
		t.Error("in a box:", diags)
	}
}

func TestOwnAddressesInAnyClothes(t *testing.T) {
	for _, own := range []string{"10.0.0.2", "::ffff:10.0.0.2"} {
		_, diags := Load(source(minimal), Options{Own: []netip.Addr{netip.MustParseAddr(own)}})
		if !diags.HasErrors() {
			t.Errorf("%s is not seen to be the peer", own)
		}
	}
}

func TestAccessThatTheStockScriptCannotUse(t *testing.T) {
	access := "sip_expiry {\n  max = \"4m\"\n}\nreplication {\n  runner = \"stock\"\n  access = \"ssh\"\n}\n"
	if got := warnings(t, strings.Replace(minimal, "master", "slave", 1)+access); !strings.Contains(got, "access = \"stock\"") {
		t.Error(got)
	}
	if got := warnings(t, minimal+access); got != "" {
		t.Error(got)
	}
}

func TestHostKeys(t *testing.T) {
	const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHf9uKbdZ1vDTZ8j0bm1yKcJf1Y5rLv4q8oN2YzW1xYk"
	if err := checkHostKey(key); err != "" {
		t.Error(err)
	}
	for _, bad := range []string{"", "ssh-ed25519", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIHf9uKbdZ1vDTZ8j0bm1yKcJf1Y5rLv4q8oN2YzW1xYk", key + " ", "ssh-ed25519  AAAA", key[:len(key)-1] + "!"} {
		if checkHostKey(bad) == "" {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestURLsThatPeopleWrite(t *testing.T) {
	for _, text := range []string{"postgres:///asterisk?host=/var/run/postgresql&user=postgres", "postgresql://u:p%40ss@db.example.com:5432/asterisk?sslmode=verify-full", "postgres://u@[2001:db8::3]/a"} {
		if err := checkPostgresURL(text); err != "" {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"http://127.0.0.1:8666/0.2", "https://wazo.example.com/api/provd/0.2", "http://[::1]:8666/0.2"} {
		if err := checkWebURL(text); err != "" {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestTablesAreIdentifiers(t *testing.T) {
	for text, good := range map[string]bool{"cel": true, "_x9$": true, "stat_queue_periodic": true, strings.Repeat("a", 63): true,
		"": false, "9a": false, "$a": false, "a b": false, "a;b": false, "a\"b": false, "é": false, strings.Repeat("a", 64): false} {
		if got := checkTable(text) == ""; got != good {
			t.Errorf("%q: %v", text, got)
		}
	}
}
