package schema

import (
	"net/netip"
	"time"
)

// A Config is one node's description, complete and checked. All durations are
// whole seconds.
type Config struct {
	Platform     Platform
	Node         Node
	Peer         Peer
	SIPExpiry    SIPExpiry
	Provisioning Provisioning
	Database     Database
	Replication  Replication
	Failover     Failover
	Companion    Companion
	Endpoint     Listener // where the daemon tells whether this node serves
	Dashboard    Listener // where it shows its page
	Metrics      Metrics
	Actions      Actions
	Watch        Watch
	Objective    Objective
	Profiles     []Profile // in the order of their names
	Alerts       []Alert   // in the order of their names; none: root is mailed

	origins map[string]string
	lists   map[string][]string
	text    Secret
}

// Text is all that the Config was made from: the platform's files and the
// user's. It may hold secrets, and serves only to be compared.
func (c *Config) Text() Secret { return c.text }

// Origin says where the winning setting of path stands: "ha.hcl:14:3", or
// "platform wazo, line 12" for a preset's. The path of a block, such as "node",
// gives the block's own place. It is empty for what nobody set.
func (c *Config) Origin(path string) string { return c.origins[path] }

// Listed are the elements of one list as its winning setting has them, before
// others are added to it.
func (c *Config) Listed(path string) []string { return c.lists[path] }

// A Role is what this node is in the pair.
type Role string

// The roles, by the names that ha.conf uses.
const (
	Master   Role = "master"
	Slave    Role = "slave"
	Disabled Role = "disabled"
)

// A Node is this node.
type Node struct {
	Role    Role
	Written string // the role as the user wrote it: main, standby, primary and secondary are synonyms
}

// A Peer is the other node. Its address is the zero Addr when this node is
// disabled and names no peer.
type Peer struct {
	Address netip.Addr
	SSH     SSH
}

// SSH is how the peer is reached for replication.
type SSH struct {
	Port    int
	HostKey string // "type base64", empty while none is pinned
}

// SIPExpiry are the registration expiry values that phones get (RFC 3261 §10).
type SIPExpiry struct{ Min, Max, Default time.Duration }

// Provisioning is how the phone provisioning daemon is reached: by Token, or
// with a token that Auth gives, never both.
type Provisioning struct {
	Enabled bool
	URL     Secret
	Token   Secret
	Auth    Auth
	// Registrars are the ids of those whose phones get a backup; none: all of them.
	Registrars  []string
	ResyncBatch int // phones at a time
}

// Auth is where a provisioning token is asked for, and the service key file
// that holds the credentials for it.
type Auth struct {
	URL     Secret
	KeyFile string
}

// Database is the telephony database. Enabled is false, too, when the platform
// has none.
type Database struct {
	Enabled bool
	URL     Secret
}

// Replication is what follows the master to the slave, and when.
type Replication struct {
	Schedule        string // when the database is copied: cron text, "@every 15m", or OnChange
	FilesSchedule   string // when the directories are
	Database, Files bool   // whether either is copied at all
	Runner          string // "daemon", "stock", or "none" where nothing replicates
	Access          string // "stock" or "ssh"
	Directories     []string
	ExcludeFiles    []string // anchored patterns
	ExcludeTables   []string
	NodeLocalTables []string // never copied
	VersionTables   []string // compared, never copied
	VolatileTables  []string // copied, and no reason for a run
	KnownTables     []string // copied; none: no table is unknown
	MaxDelete       int      // percent that one run may delete
}

// Actions says for each action that disturbs calls whether it needs consent:
// "ask" or "auto".
type Actions struct{ Restart, Resync, Overwrite, RoleChange string }

// Watch is how the daemon behaves: Mode is "enforce", "heal" or "observe";
// MaxHeals is how often an hour one thing is healed.
type Watch struct {
	Mode     string
	Interval time.Duration
	MaxHeals int
}

// Objective is what the administrator promises his users.
type Objective struct{ MaxOutage time.Duration }

// A Platform is what a family of telephony servers has where. What a platform
// has not is "".
type Platform struct {
	Name, Title     string
	Active, Standby string // what the platform calls the two roles
	State           PlatformState
	Stock           StockJobs
	PostgreSQL      PlatformPostgreSQL
	WithoutHA       SIPExpiry // the platform's own, on a node in no pair
	Telephony       Telephony
}

// PlatformState are the paths of a node's state files, and of the directory that
// holds the provisioning daemon's plugins.
type PlatformState struct{ HAConf, Primary, Secondary, Passive, Plugins string }

// StockJobs are the cron files of the platform's own scripts and the commands
// that they run.
type StockJobs struct {
	MasterFile, SlaveFile             string
	ReplicateDatabase, ReplicateFiles string
	CheckMaster                       string
}

// PlatformPostgreSQL is where the platform's database server is configured.
type PlatformPostgreSQL struct{ Directory, Cluster, Database, User, Unit string }

// Telephony is the systemd unit of Asterisk and the platform's commands around
// it; the files hold the expiry where no database does.
type Telephony struct {
	Unit                                string
	Manage, Service, Generate, Asterisk string
	PJSIPConf, SIPConf                  string
}
