package schema

import (
	"fmt"
	"net/netip"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

const (
	longestUnit   = 255 // systemd.unit(5)
	longestSocket = 107 // sun_path of unix(7), without its NUL
	longestName   = 253 // RFC 1035 §2.3.4, without the dots at both ends
	exampleListen = "127.0.0.1:9180"
)

// CheckUnit says what is wrong with a text as the full name of a systemd unit
// (systemd.unit(5)) that can be started and stopped; "": nothing.
func CheckUnit(text string) string {
	suffix := path.Ext(text)
	name := strings.TrimSuffix(text, suffix)
	switch types := []string{".service", ".target", ".socket", ".timer", ".path", ".mount"}; {
	case text == "":
		return "It is empty. Write the name of a unit, such as \"nginx.service\"."
	case !regexp.MustCompile(`^[A-Za-z0-9:_][A-Za-z0-9:_.\\-]*(@[A-Za-z0-9:_.\\-]*)?$`).MatchString(text) || len(text) > longestUnit:
		return quote(text) + " is not the name of a systemd unit. Write one as `systemctl list-units` shows it, such as \"nginx.service\"."
	case !slices.Contains(types, suffix):
		return quote(text) + " names no type of unit. Write " + quote(text+".service") + ", or another of the types " + together(types) + "."
	case strings.HasSuffix(name, "@"):
		return quote(text) + " is a template. Name an instance of it, such as " + quote(name+"main"+suffix) + "."
	}
	return ""
}

func checkListen(text string) string {
	likeThis := " Write an address and a port, such as " + quote(exampleListen) + " or \"[::1]:9180\", or the path of a socket."
	if strings.HasPrefix(text, "/") {
		if len(text) > longestSocket {
			return fmt.Sprintf("The path of a socket has at most %d bytes. Write a shorter one, such as \"/run/hotpair-ha.sock\".", longestSocket)
		}
		return checkPath(text)
	}
	at, err := netip.ParseAddrPort(text)
	switch {
	case text == "":
		return "It is empty." + likeThis
	case err != nil:
		return quote(text) + " is not an address with a port." + likeThis
	case at.Port() == 0:
		return "Port 0 is another one each time. Write a port of 1 to 65535."
	case at.Addr().Is4In6() || at.Addr().Zone() != "" || at.Addr().IsMulticast():
		return quote(text) + " is not an address of this node that others can ask." + likeThis
	}
	return ""
}

func checkHostName(text string) string {
	if len(text) <= longestName && regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$`).MatchString(text) {
		return ""
	}
	return quote(text) + " is not a host name. Write it without scheme, port and path, such as \"xivo.example.org\"."
}

func (c checked) checkCompanions() hcl.Diagnostics {
	const units = "companion.units"
	var diags hcl.Diagnostics
	for _, unit := range c.values[units].list {
		if owner := c.keeps(unit.text); owner != "" {
			diags = append(diags, failing(unit.at, "Not a companion", fmt.Sprintf("%s is %s. Name what runs beside it, such as \"nginx.service\".", quote(unit.text), owner)))
		}
	}
	switch {
	case len(c.Companion.Units) == 0:
	case c.Node.Role == Disabled:
		diags = append(diags, warning(c.at(units), "Nobody keeps the companions", "A node that is in no pair neither takes over nor stands by: its units are left as they are. Enable them with systemctl."))
	case c.Replication.Runner != "daemon":
		diags = append(diags, warning(c.at(units), "Nobody keeps the companions", fmt.Sprintf("replication.runner is %q, so hotpair does not decide who serves, and leaves the units as they are. Leave runner out.", c.Replication.Runner)))
	}
	return diags
}

// keeps tells what a unit is that follows nothing: hotpair itself, and what it
// looks after by other means.
func (c checked) keeps(unit string) string {
	is := func(name string) bool {
		return name != "" && strings.TrimSuffix(unit, ".service") == strings.TrimSuffix(name, ".service")
	}
	switch {
	case is("hotpair"):
		return "hotpair itself, which would stop with it"
	case is(c.Platform.Telephony.Unit):
		return "the telephony that companions follow"
	case is(c.Platform.PostgreSQL.Unit):
		return "the database, which a standby needs too"
	}
	return ""
}

// checkEndpoint warns of what others than this node can reach.
func (c checked) checkEndpoint() hcl.Diagnostics {
	const listen = "endpoint.listen"
	at, err := netip.ParseAddrPort(c.Endpoint.Listen)
	switch {
	case c.Endpoint.Listen == "" && c.blocks["endpoint"].Filename != "":
		return hcl.Diagnostics{failing(c.blockAt("endpoint"), "Missing argument listen", fmt.Sprintf("Write where the daemon is to listen: listen = %q, or leave the block out.", exampleListen))}
	case err == nil && !at.Addr().IsLoopback():
		return hcl.Diagnostics{warning(c.at(listen), "An open endpoint", fmt.Sprintf("Whoever reaches %s can read which node serves and the peer's address, without a password and without encryption. Let a firewall admit those who ask, or write %q and put a web server with TLS in front.", c.Endpoint.Listen, exampleListen))}
	case err != nil && path.Dir(c.Endpoint.Listen) == "/":
		return hcl.Diagnostics{failing(c.at(listen), "Not a place for a socket", "Write a path below /run, such as \"/run/hotpair-ha.sock\".")}
	}
	return nil
}
