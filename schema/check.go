package schema

import (
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// checked is a Config whose values are each of their kind, with where they
// stand, for the checks of what does not go together.
type checked struct {
	*Config
	values values
	blocks map[string]hcl.Range
	file   hcl.Range
}

func check(c checked, o Options) hcl.Diagnostics {
	return slices.Concat(
		c.checkPeer(o), c.checkExpiry(), c.checkOutage(), c.checkProvisioning(), c.checkDatabase(),
		c.checkSchedules(), c.checkRunner(), c.checkDirectories(), c.checkTables(), c.checkPlatform(), c.checkFailover(), c.checkProfiles(),
		c.checkCompanions(), c.checkListeners(), c.checkAlerts(),
	)
}

// at is where the value of a setting stands, or else the block that it would
// stand in, or else the file.
func (c checked) at(path string) hcl.Range {
	v := c.values[path]
	if v.from != fromLanguage {
		return v.expr.Range()
	}
	for parent := range parents(path) {
		if at, ok := c.blocks[parent]; ok {
			return at
		}
	}
	return c.file
}

// blockAt is where a block stands, or else the file.
func (c checked) blockAt(path string) hcl.Range { return c.at(join(path, "")) }

// missingNode says that what a node must have is not there. It looks at what is
// set, not at what it is, so that a wrong value is no missing one.
func missingNode(s settings, file hcl.Range) hcl.Diagnostics {
	at, found := s.blocks["node"]
	_, role := s.values["node.role"]
	switch {
	case !found:
		return hcl.Diagnostics{failing(file, "Missing block node", "Nothing says what this node is. Write node { role = \"master\" }, or slave, or disabled.")}
	case !role:
		return hcl.Diagnostics{failing(at, "Missing argument role", "Nothing says what this node is. Write role = \"master\", or slave, or disabled.")}
	}
	return nil
}

func (c checked) checkPeer(o Options) hcl.Diagnostics {
	const path = "peer.address"
	addr, needed := c.Peer.Address, c.Node.Role != Disabled
	same := func(mine netip.Addr) bool { return mine.WithZone("").Unmap() == addr }
	switch {
	case !addr.IsValid() && needed && c.blocks["peer"].Filename == "":
		return hcl.Diagnostics{failing(c.file, "Missing block peer", fmt.Sprintf("A %s has a peer. Write peer { address = \"10.0.0.2\" } with the address of the peer's VoIP interface.", c.Node.Written))}
	case !addr.IsValid() && needed:
		return hcl.Diagnostics{failing(c.at(path), "Missing argument address", "Write the address of the peer's VoIP interface: address = \"10.0.0.2\".")}
	case !addr.IsValid():
		return nil
	case slices.ContainsFunc(o.Own, same):
		return hcl.Diagnostics{failing(c.at(path), "The peer is this node", fmt.Sprintf("%s is an address of this node. Write the other node's; each node's file names the other.", addr))}
	case addr.IsLoopback() && !o.Box:
		return hcl.Diagnostics{warning(c.at(path), "The peer is on this machine", fmt.Sprintf("%s is for a pair in a box. On real nodes write the address of the peer's VoIP interface.", addr))}
	}
	return nil
}

func (c checked) checkProvisioning() hcl.Diagnostics {
	p := c.Provisioning
	token, auth := c.values.credentials()
	_, hasToken := c.values["provisioning.token"]
	complete := p.Auth.URL.Reveal() != "" && p.Auth.KeyFile != ""
	switch {
	case hasToken && token == auth:
		return hcl.Diagnostics{failing(c.at("provisioning.token"), "Both token and auth", "Provisioning takes a token, or auth to get one, not both. Leave one of them out.")}
	case !p.Enabled:
		return nil
	case p.URL.Reveal() == "":
		return hcl.Diagnostics{failing(c.at("provisioning.url"), "Missing argument url", "Nothing says where the provisioning daemon is. Write url = \"http://127.0.0.1:8666/0.2\" into provisioning { … }, or enabled = false.")}
	case !hasToken && !complete, hasToken && auth > token && !complete:
		return hcl.Diagnostics{failing(c.at("provisioning.auth"), "Missing credentials", "Provisioning needs a token, or auth with both url and key_file. Write one of them, or provisioning { enabled = false }.")}
	}
	return nil
}

func (c checked) checkDatabase() hcl.Diagnostics {
	if c.Database.Enabled && c.Database.URL.Reveal() == "" {
		return hcl.Diagnostics{failing(c.at("database.url"), "Missing argument url", "Nothing says where the database is. Write url = \"postgres:///asterisk?host=/var/run/postgresql&user=postgres\" into database { … }, or enabled = false.")}
	}
	return nil
}

func (c checked) checkPlatform() hcl.Diagnostics {
	if c.Platform.State.HAConf == "" || c.Platform.State.Primary == "" || c.Platform.State.Secondary == "" {
		return hcl.Diagnostics{failing(c.at("state.ha_conf"), "Incomplete platform", "A platform says where a node's state is. Write state { … } with ha_conf, primary and secondary into the platform file; `hotpair platform wazo` shows one.")}
	}
	stock := c.Platform.Stock
	if stock.MasterFile != "" && (path.Dir(stock.MasterFile) != path.Dir(stock.SlaveFile) || strings.Contains(path.Base(stock.MasterFile)+path.Base(stock.SlaveFile), ".")) {
		return hcl.Diagnostics{failing(c.at("stock.master_file"), "Cron files that cron does not read", "stock.master_file and stock.slave_file must stand in one directory, and cron(8) reads no file there whose name has a dot. Write /etc/cron.d/NAME.")}
	}
	return nil
}
