package schema

import (
	"fmt"
	"net/netip"
	"path"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

const (
	longestSocket = 107 // sun_path of unix(7), without its NUL
	longestName   = 253 // RFC 1035 §2.3.4, without the dots at both ends
	exampleListen = "127.0.0.1:9180"
)

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

// checkListeners warns of what others than this node can reach.
func (c checked) checkListeners() hcl.Diagnostics {
	var diags hcl.Diagnostics
	if c.Endpoint.Listen == "" && c.blocks["endpoint"].Filename != "" {
		diags = append(diags, failing(c.blockAt("endpoint"), "Missing argument listen", fmt.Sprintf("Write where the daemon is to listen: listen = %q, or leave the block out.", exampleListen)))
	}
	if file := c.Metrics.Textfile; file != "" && path.Ext(file) != ".prom" {
		diags = append(diags, failing(c.at("metrics.textfile"), "Not a file of metrics", "The textfile collector reads only files whose names end in .prom. Write "+quote(strings.TrimSuffix(file, path.Ext(file))+".prom")+"."))
	}
	for _, l := range []struct{ block, listen, what string }{
		{"endpoint", c.Endpoint.Listen, "which node serves and the peer's address"},
		{"dashboard", c.Dashboard.Listen, "how the pair stands, its addresses and its history"},
		{"metrics", c.Metrics.Listen, "the figures of this node"},
	} {
		diags = append(diags, c.checkListener(l.block, l.listen, l.what)...)
	}
	return diags
}

func (c checked) checkListener(block, listen, what string) hcl.Diagnostics {
	at, err := netip.ParseAddrPort(listen)
	switch {
	case listen == "":
	case err == nil && !at.Addr().IsLoopback():
		return hcl.Diagnostics{warning(c.at(block+".listen"), "Open to others", fmt.Sprintf("Whoever reaches %s can read %s, without a password and without encryption. Let a firewall admit those who ask, or write \"127.0.0.1:%d\" and put a web server with TLS in front.", listen, what, at.Port()))}
	case err != nil && path.Dir(listen) == "/":
		return hcl.Diagnostics{failing(c.at(block+".listen"), "Not a place for a socket", "Write a path below /run, such as \"/run/hotpair-ha.sock\".")}
	}
	return nil
}
