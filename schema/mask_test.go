package schema

import (
	"strings"
	"testing"
)

func TestMask(t *testing.T) {
	for line, want := range map[string]string{
		`role = "master"`:                                `role = "master"`,
		`  address = "10.0.0.2" # the other`:             `  address = "10.0.0.2" * *** *****`,
		`token = "s3cr3t"`:                               `token = "******"`,
		`tokn = "s3cr3t x"`:                              `tokn = "****** *"`,
		`token = s3cr3t`:                                 `token = ******`,
		`token = file("/etc/t")`:                         `token = file("/etc/t")`,
		`token = env("HOTPAIR_T")`:                       `token = env("HOTPAIR_T")`,
		`token = env("s3cr3t")`:                          `token = ***("******")`,
		`token "s3cr3t"`:                                 `token "******"`,
		`provisioning { token = "s3cr3t" }`:              `provisioning { token = "******" }`,
		`peer { address = "10.0.0.2" }`:                  `peer { address = "10.0.0.2" }`,
		`role = "a" token = "s3cr3t"`:                    `role = "*" ***** = "******"`,
		`role = "a" # token = "s3cr3t"`:                  `role = "*" * ***** = "******"`,
		`role = "s3cr3t`:                                 `role = "******`,
		`s3cr3t`:                                         `******`,
		`url = "postgres://u:s3cr3t@h/db?user=a"`:        `url = "postgres://u:******@h/db?user=a"`,
		`url = "postgres://u:s3@cr/3t@h/db"`:             `url = "postgres://u:********@h/db"`,
		`url = "postgres:///db?password=s3cr3t&user=a"`:  `url = "postgres:///db?password=******&user=a"`,
		`url = "postgres:///db?user=a&sslpassword=s3c%"`: `url = "postgres:///db?user=a&sslpassword=****"`,
		`url = "http://h/?api_key=s3cr3t"`:               `url = "http://h/?api_key=******"`,
		`url = "host=h password=s3cr3t"`:                 `url = "****** ***************"`,
		`url = "postgres://u:${x}@h/db"`:                 `url = "**********************"`,
		`url = "postgres://u:s3cr3t`:                     `url = "*******************`,
		`host_key = "-----BEGIN PRIVATE KEY----- s3"`:    `host_key = "********** ******* ******** **"`,
		`mode = node.role == "master" ? "heal" : "x"`:    `mode = node.role == "master" ? "heal" : "x"`,
	} {
		if got := string(masked([]byte(line))); got != want {
			t.Errorf("%s\n got %s\nwant %s", line, got, want)
		}
	}
}

func TestMaskOverLines(t *testing.T) {
	text := `provisioning {
  token = <<EOT
s3cr3t
role = "s3cr3t"
EOT
}
replication {
  directories = [
    "/srv/a", # first
    "/srv/b"
  ]
  tokens = [
    "s3cr3t",
  ]
}
/*
  token: s3cr3t
*/
`
	got := string(masked([]byte(text)))
	if strings.Contains(got, "s3cr3t") || !strings.Contains(got, `"/srv/b"`) || len(got) != len(text) {
		t.Error(got)
	}
}

func TestNothingForgesALine(t *testing.T) {
	src := Source{Name: "ha.hcl\nError: forged\x1b[31m", Text: []byte("node {\n  role = \"\x1b]0;x\x07\u202e\"\n}\n")}
	text := refusal(t, src)
	if strings.ContainsAny(text, "\x1b\x07\u202e\r") || strings.Contains(text, "\nError: forged") {
		t.Errorf("%q", text)
	}
}

// A URL of which all is secret does not make one secret that has a password alone.
func TestMaskGoesByTheBlock(t *testing.T) {
	for text, want := range map[string]string{
		"provisioning {\n  url = \"http://u:s3cr3t@h/a\"\n}\n":                           `url = "http://u:******@h/a"`,
		"alert \"ops\" {\n  webhook {\n    url = \"https://h/s3cr3t\"\n  }\n}\n":         `url = "****************"`,
		"alert \"ops\" {\n  webhook { url = \"https://h/s3cr3t\" }\n}\n":                 `url = "****************"`,
		"alert \"a\" { webhook { url = \"https://h/s3cr3t\" } }\n":                       `= "****************"`,
		"webhok {\n  url = \"https://h/s3cr3t\"\n}\n":                                    `url = "****************"`,
		"webhook {\n}\nprovisioning {\n  url = \"http://u:s3cr3t@h/a\"\n}\n":             `url = "http://u:******@h/a"`,
		"provisioning {\n  x = \"s3cr3t\"\n}\nwebhook { # x\n  url = \"https://s3cr3t\"": `url = "**************"`,
	} {
		if got := string(masked([]byte(text))); strings.Contains(got, "s3cr3t") || !strings.Contains(got, want) {
			t.Errorf("%s\nis %s", text, got)
		}
	}
}
