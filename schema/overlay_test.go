package schema

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOverlay(t *testing.T) {
	c := load(t,
		Source{"ha.hcl", []byte(minimal + "sip_expiry {\n  max = \"4m\"\n}\nreplication {\n  extra_directories = [\"/srv/a\"]\n}\n")},
		Source{"ha.d/10.hcl", []byte("peer {\n  address = \"10.0.0.3\"\n}\nsip_expiry {\n  min = \"2m\"\n}\n")},
		Source{"ha.d/20.hcl", []byte("sip_expiry {\n  min = \"1m\"\n}\nreplication {\n  exclude {\n    tables = [\"cel\"]\n  }\n}\n")},
	)
	if c.Peer.Address.String() != "10.0.0.3" || c.SIPExpiry != (SIPExpiry{time.Minute, 4 * time.Minute, 4 * time.Minute}) {
		t.Errorf("%v %v", c.Peer.Address, c.SIPExpiry)
	}
	if diff := cmp.Diff([]string{"cel"}, c.Replication.ExcludeTables); diff != "" {
		t.Error(diff)
	}
	if len(c.Replication.ExcludeFiles) != 2 || len(c.Replication.Directories) != 8 {
		t.Errorf("%q %q", c.Replication.ExcludeFiles, c.Replication.Directories)
	}
	for path, want := range map[string]string{
		"node": "ha.hcl:2:1", "node.role": "ha.hcl:3:3", "peer": "ha.d/10.hcl:1:1", "peer.address": "ha.d/10.hcl:2:3",
		"sip_expiry.min": "ha.d/20.hcl:2:3", "sip_expiry.max": "ha.hcl:9:3", "sip_expiry.default": "platform wazo, line 45",
		"database": "platform wazo, line 72", "watch.mode": "", "watch": "", "platform": "", "nonsense": "",
		"replication.exclude.tables": "ha.d/20.hcl:6:5",
	} {
		if got := c.Origin(path); got != want {
			t.Errorf("Origin(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestListsReplaceAndAdd(t *testing.T) {
	c := load(t, source(minimal+"replication {\n  directories = [\"/srv/a\"]\n  extra_directories = concat([\"/srv/b\"], [\"/srv/c\"])\n  exclude {\n    files = []\n  }\n  extra_exclude {\n    tables = [\"mine\"]\n    files = [\"/srv/a/*.tmp\"]\n  }\n}\n")...)
	if diff := cmp.Diff([]string{"/srv/a", "/srv/b", "/srv/c"}, c.Replication.Directories); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"/srv/a/*.tmp"}, c.Replication.ExcludeFiles); diff != "" {
		t.Error(diff)
	}
	if tables := c.Replication.ExcludeTables; tables[len(tables)-1] != "mine" || len(tables) < 10 {
		t.Errorf("%q", tables)
	}
}

func TestDuplicatesAcrossFilesAreNone(t *testing.T) {
	c := load(t, source(minimal)[0], Source{"ha.d/1.hcl", []byte("node {\n  role = \"slave\"\n}\n")})
	if c.Node.Role != Slave || c.Origin("node.role") != "ha.d/1.hcl:2:3" {
		t.Errorf("%v %s", c.Node, c.Origin("node.role"))
	}
}

func TestTokenWinsOverThePlatformsAuth(t *testing.T) {
	c := load(t, source(minimal+"provisioning {\n  token = file(\"/secret\")\n}\n")...)
	if c.Provisioning.Token.Reveal() != "s3cr3t-from-file" || c.Provisioning.Auth != (Auth{}) {
		t.Errorf("%q %#v", c.Provisioning.Token.Reveal(), c.Provisioning.Auth)
	}
	c = load(t, source("platform = \"/etc/hotpair/with-secret.hcl\"\n"+minimal+"provisioning {\n  auth {\n    url = \"http://127.0.0.1\"\n    key_file = \"/srv/key\"\n  }\n}\n")...)
	if c.Provisioning.Token.Reveal() != "" || c.Provisioning.Auth.KeyFile != "/srv/key" {
		t.Errorf("%q %#v", c.Provisioning.Token.Reveal(), c.Provisioning.Auth)
	}
	if got := c.Origin("provisioning.url"); !strings.HasPrefix(got, "/etc/hotpair/with-secret.hcl:") {
		t.Error(got)
	}
}

func TestSynonyms(t *testing.T) {
	for written, want := range map[string]Role{"master": Master, "main": Master, "primary": Master, "slave": Slave, "standby": Slave, "secondary": Slave, "disabled": Disabled} {
		c := load(t, source(strings.Replace(minimal, "master", written, 1))...)
		if c.Node != (Node{want, written}) {
			t.Errorf("%s: %+v", written, c.Node)
		}
	}
}

func TestDisabledNeedsNoPeer(t *testing.T) {
	c := load(t, source("node {\n  role = \"disabled\"\n}\n")...)
	if c.Peer.Address.IsValid() || warnings(t, "node {\n  role = \"disabled\"\n}\n") != "" {
		t.Errorf("%+v", c.Peer)
	}
	c = load(t, source("node {\n  role = \"disabled\"\n}\nactions {\n  restart = peer.address == \"\" ? \"auto\" : \"ask\"\n}\n")...)
	if c.Actions.Restart != "auto" {
		t.Error(c.Actions)
	}
}

func TestReferences(t *testing.T) {
	c := load(t, source(`
node {
  role = lower("MAIN")
}
peer {
  address = env("HOTPAIR_PEER")
}
replication {
  extra_directories = [format("/srv/%s/%s-%d", platform, peer.address, 7)]
}
watch {
  mode      = node.role == "master" ? "heal" : "observe"
  max_heals = 2 * (3 + 1)
}
provisioning {
  url = "http://${peer.address}:8666/${upper("a")}"
}
`)...)
	last := c.Replication.Directories[len(c.Replication.Directories)-1]
	if last != "/srv/wazo/10.0.0.2-7" || c.Watch.Mode != "heal" || c.Watch.MaxHeals != 8 || c.Provisioning.URL.Reveal() != "http://10.0.0.2:8666/A" {
		t.Errorf("%s %+v %s", last, c.Watch, c.Provisioning.URL.Reveal())
	}
}

// A mistake in what others refer to is one mistake.
func TestOneMistakeIsOne(t *testing.T) {
	text := refusal(t, source(strings.Replace(minimal, "master", "mster", 1)+"watch {\n  mode = node.role == \"master\" ? \"heal\" : \"observe\"\n}\n")...)
	if strings.Count(text, "Error:") != 1 {
		t.Error(text)
	}
}
