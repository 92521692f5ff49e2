package doctor

import (
	"context"
	"time"

	"github.com/hotpair/hotpair/schema"
)

// Check is one thing that a pair needs.
type Check struct {
	Code  string // stable
	Looks string // what it looks at, for the manual
	Why   string // it matters

	role  schema.Role   // the only role that it is for; "": any
	peer  bool          // the peer is asked
	limit time.Duration // 0: the usual one
	look  func(ctx context.Context, l *look) verdict
}

const (
	usualLimit = 10 * time.Second
	// channelLimit is for what travels over the channel: to connect may take 10 s,
	// and the peer's own checks take as long as the usual limit.
	channelLimit = 30 * time.Second
)

// Codes lists the codes of all checks.
func Codes() []string {
	var codes []string
	for _, c := range Checks() {
		codes = append(codes, c.Code)
	}
	return codes
}

// Checks is the register: a further check is a function and one line in one of
// its parts.
func Checks() []Check {
	var all []Check
	for _, part := range [][]Check{ofFiles(), ofDaemon(), ofPlan(), ofData(), ofPhones(), ofMachine(), ofReach(), ofPeer()} {
		all = append(all, part...)
	}
	return all
}

func ofFiles() []Check {
	return []Check{
		{Code: "programs", Looks: "ssh, rsync and the platform's scripts are installed", Why: "without them nothing is copied and nothing can be taken over", look: programs},
		{Code: "file-modes", Looks: "owner and mode of hotpair's key, its files and ha.hcl", Why: "whoever can read or write them holds the peer, and sshd takes no key that others could have put there", look: fileModes},
		{Code: "host-key", Looks: "the peer's host key is pinned", Why: "without it nothing is copied, since anybody could answer in the peer's place", role: schema.Master, look: hostKey},
		{Code: "admission", Looks: "the standby admits its master's key, from its address alone", Why: "without it the master reaches nothing here", role: schema.Slave, look: admission},
	}
}

func ofDaemon() []Check {
	return []Check{
		{Code: "daemon", Looks: "`hotpair watch` runs", Why: "it replicates, watches the master and takes over", look: daemon},
		{Code: "failover", Looks: "the failover stands as it should: nothing failed, no split brain, no maintenance", Why: "what is under way or went wrong keeps the next takeover from being made", look: failovers},
		{Code: "reports", Looks: "the daemons of both nodes hear each other", Why: "a master that is not heard cannot be asked to stand down, and both nodes would serve", look: reports},
		{Code: "witnesses", Looks: "there are witnesses, and each was seen alive", Why: "they alone tell a dead master from a standby that is cut off; one that was never seen has no vote", role: schema.Slave, look: witnesses},
		{Code: "probes", Looks: "every probe was seen alive once", Why: "a probe that was never answered has no vote, so that what it is for is never noticed", look: probes},
	}
}

func ofPlan() []Check {
	return []Check{
		{Code: "as-declared", Looks: "the node is as ha.hcl says, and nothing is owed", Why: "what is not in order is not what the peer and the phones rely on", look: asDeclared},
		{Code: "services", Looks: "the telephony services run where the node serves, and are stopped where it stands by", Why: "two nodes that serve take each other's phones, and a standby that serves is not copied to", look: services},
		{Code: "stock-cron", Looks: "no stock job in cron replicates or watches beside hotpair", Why: "two who copy undo each other, and the stock check stops calls at one answered ping", look: stockCron},
		{Code: "hand-set", Looks: "nothing set by hand overrides or undoes what hotpair sets", Why: "such a value wins, and the limits that plan computes do not hold", look: handSet},
		{Code: "trust-lines", Looks: "no `trust` line for a superuser is left over in pg_hba.conf", Why: "whoever has, or takes, that address reads and writes every password without one", look: trustLines},
		{Code: "trunk-expiry", Looks: "trunks register for no longer than sip_expiry.max", Why: "the provider sends calls to a dead node until the registration ends", role: schema.Master, look: trunkExpiry},
	}
}

func ofData() []Check {
	return []Check{
		{Code: "database", Looks: "the telephony database answers hotpair as a superuser", Why: "rows are copied with the rights of one", look: databases},
		{Code: "encoding", Looks: "the database is in UTF-8", Why: "names in another encoding cannot be copied, or arrive as others", look: encoding},
		{Code: "wizard", Looks: "the platform's setup wizard has been passed", Why: "until then the node has no entity and serves nobody", look: wizard},
		{Code: "replicated", Looks: "the last good replication", Why: "a takeover serves with what was last copied", look: replicated},
		{Code: "verified", Looks: "the last replication that was verified by content", Why: "only a comparison by content proves that both nodes are the same", role: schema.Master, look: verified},
	}
}

func ofPhones() []Check {
	return []Check{
		{Code: "provisioning", Looks: "the provisioning daemon answers, and lets hotpair in", Why: "phones get their backup server through it", role: schema.Master, look: provisioning},
		{Code: "phones-backup", Looks: "every phone has the peer as backup, and has been told", Why: "a phone without a backup server is dead for as long as the master is", role: schema.Master, look: phonesBackup},
		{Code: "provd-plugins", Looks: "a standby has no provisioning plugins", Why: "the platform asks for that: plugins on both nodes provision phones twice", role: schema.Slave, look: provdPlugins},
		{Code: "xivo-client", Looks: "what users of the XiVO Client must enter", Why: "a client that knows one server has none when that is down", look: xivoClient},
	}
}

func ofMachine() []Check {
	return []Check{
		{Code: "disk-room", Looks: "room on the disks of hotpair, the directories and the database", Why: "a full disk stops PostgreSQL and everything that is copied to it", look: diskRoom},
		{Code: "names", Looks: "the node's own name and the names in ha.hcl resolve", Why: "what is asked by a name that nobody knows is not asked at all", look: names},
		{Code: "subnet", Looks: "both nodes are on one subnet, where DHCP is replicated", Why: "a DHCP server serves the subnet that it stands in", look: subnet},
		{Code: "capacity", Looks: "500 users per core of the standby", Why: "in a takeover the standby carries everybody", role: schema.Slave, look: capacity},
	}
}

func ofReach() []Check {
	return []Check{
		{Code: "ping-reach", Looks: "the peer answers a ping", Why: "without it a host that is gone cannot be told from one that is busy", peer: true, look: pingReach},
		{Code: "sip-udp-reach", Looks: "the master answers SIP by UDP", Why: "a firewall or a ban in between looks like a dead Asterisk", peer: true, role: schema.Slave, look: sipUDPReach},
		{Code: "sip-tcp-reach", Looks: "the master answers SIP by TCP", Why: "one transport alone may be banned or filtered", peer: true, role: schema.Slave, look: sipTCPReach},
		{Code: "ssh-reach", Looks: "the standby answers over SSH, with the pinned host key", Why: "everything that is copied, and the nodes' reports, go over it", peer: true, role: schema.Master, limit: channelLimit, look: sshReach},
		{Code: "database-reach", Looks: "the standby's PostgreSQL answers, through the channel or at port 5432", Why: "the rows go there", peer: true, role: schema.Master, limit: channelLimit, look: databaseReach},
		{Code: "files-reach", Looks: "the standby's rsync answers", Why: "the files go there", peer: true, role: schema.Master, limit: channelLimit, look: filesReach},
	}
}

func ofPeer() []Check {
	list := []Check{
		{Code: "peer-state", Looks: "the peer is a passive slave that names this node", Why: "nothing is copied to any other", look: peerState},
		{Code: "clock", Looks: "the clocks of both nodes", Why: "reports, logs and call records of two times cannot be put in order, and over a minute apart nothing is copied", look: clock},
		{Code: "hotpair-version", Looks: "hotpair's own version on both nodes", Why: "two versions may decide differently who serves", look: hotpairVersion},
		{Code: "product-version", Looks: "the platform's version on both nodes", Why: "only equal versions understand each other's data", look: productVersion},
		{Code: "locale", Looks: "encoding, collation and system locale on both nodes", Why: "sorted lists, sounds and texts change with the node that serves", look: locale},
		{Code: "schema-versions", Looks: "the databases' version tables on both nodes", Why: "nothing is copied between schemas of two versions", look: schemaVersions},
		{Code: "columns", Looks: "tables, columns and types of both databases", Why: "nothing is copied into a table that is another", look: columns},
		{Code: "peer-doctor", Looks: "what the peer finds about itself", Why: "a takeover needs both nodes", look: peerDoctor},
	}
	for i := range list {
		list[i].peer, list[i].role, list[i].limit = true, schema.Master, channelLimit
	}
	return list
}
