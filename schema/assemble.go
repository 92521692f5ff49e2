package schema

import (
	"cmp"
	"net/netip"
	"strings"
	"time"
)

// assemble makes a Config of values that are each of their kind.
func assemble(vs values) *Config {
	c := &Config{
		Platform:    vs.platform(),
		Node:        Node{Role: vs.role(), Written: vs.text("node.role")},
		Peer:        Peer{Address: vs.peer(), SSH: SSH{Port: vs["peer.ssh.port"].whole, HostKey: vs.text("peer.ssh.host_key")}},
		SIPExpiry:   SIPExpiry{Min: vs.duration("sip_expiry.min"), Max: vs.duration("sip_expiry.max"), Default: vs.duration("sip_expiry.default")},
		Database:    Database{Enabled: vs["database.enabled"].flag, URL: vs.secret("database.url")},
		Replication: vs.replication(),
		Failover:    vs.failover(),
		Companion:   Companion{Units: vs.texts("companion.units")},
		Endpoint:    vs.listener("endpoint"),
		Dashboard:   vs.listener("dashboard"),
		Metrics:     Metrics{Listener: vs.listener("metrics"), Textfile: vs.text("metrics.textfile")},
		Actions:     Actions{Restart: vs.text("actions.restart"), Resync: vs.text("actions.resync"), Overwrite: vs.text("actions.overwrite"), RoleChange: vs.text("actions.role_change")},
		Watch:       Watch{Mode: vs.text("watch.mode"), Interval: vs.duration("watch.interval"), MaxHeals: vs["watch.max_heals"].whole},
		Objective:   Objective{MaxOutage: vs.duration("objective.max_outage")},
	}
	c.Provisioning = vs.provisioning()
	return c
}

// lists are all settings that are lists.
func (vs values) lists() map[string][]string {
	all := map[string][]string{}
	for path, v := range vs {
		if v.attribute.kind.shape == shapeList {
			all[path] = vs.texts(path)
		}
	}
	return all
}

func (vs values) secret(path string) Secret { return secretOf(vs.text(path)) }

// duration reads what its kind has already checked.
func (vs values) duration(path string) time.Duration {
	d, _ := parseDuration(vs.text(path))
	return d
}

// schedule is cron text with single spaces between the fields.
func (vs values) schedule(path string) string {
	return strings.Join(strings.Fields(vs.text(path)), " ")
}

// peer reads what its kind has already checked; absent, it is the zero Addr.
func (vs values) peer() netip.Addr {
	addr, _ := netip.ParseAddr(vs.text("peer.address"))
	return addr
}

// provisioning takes a token or auth: whichever the later layer has set.
func (vs values) provisioning() Provisioning {
	p := Provisioning{
		Enabled:     vs["provisioning.enabled"].flag,
		URL:         vs.secret("provisioning.url"),
		Token:       vs.secret("provisioning.token"),
		Registrars:  vs.texts("provisioning.registrars"),
		ResyncBatch: vs["provisioning.resync_batch"].whole,
		Auth:        Auth{URL: vs.secret("provisioning.auth.url"), KeyFile: vs.text("provisioning.auth.key_file")},
	}
	token, auth := vs.credentials()
	if token > auth {
		p.Auth = Auth{}
	} else if auth > token {
		p.Token = Secret{}
	}
	return p
}

// credentials are the layers that set a token and auth.
func (vs values) credentials() (token, auth layer) {
	return vs["provisioning.token"].from, max(vs["provisioning.auth.url"].from, vs["provisioning.auth.key_file"].from)
}

func (vs values) replication() Replication {
	runner := vs.text("replication.runner")
	access := "ssh"
	if runner == "stock" {
		access = "stock"
	}
	return Replication{
		Schedule:        vs.schedule("replication.schedule"),
		FilesSchedule:   cmp.Or(vs.schedule("replication.files_schedule"), vs.schedule("replication.schedule")),
		Database:        vs["replication.database"].flag,
		Files:           vs["replication.files"].flag,
		Runner:          runner,
		Access:          cmp.Or(vs.text("replication.access"), access),
		Directories:     vs.texts("replication.directories", "replication.extra_directories"),
		ExcludeFiles:    vs.texts("replication.exclude.files", "replication.extra_exclude.files"),
		ExcludeTables:   vs.texts("replication.exclude.tables", "replication.extra_exclude.tables"),
		NodeLocalTables: vs.texts("replication.tables.node_local"),
		VersionTables:   vs.texts("replication.tables.version"),
		VolatileTables:  vs.texts("replication.tables.volatile"),
		KnownTables:     vs.texts("replication.tables.replicated"),
		MaxDelete:       vs["replication.max_delete"].whole,
	}
}

func (vs values) platform() Platform {
	return Platform{
		Name:    vs.text("platform"),
		Title:   cmp.Or(vs.text("title"), vs.text("platform")),
		Active:  vs.text("roles.active"),
		Standby: vs.text("roles.standby"),
		State: PlatformState{HAConf: vs.text("state.ha_conf"), Primary: vs.text("state.primary"),
			Secondary: vs.text("state.secondary"), Passive: vs.text("state.passive"), Plugins: vs.text("state.plugins")},
		Stock: StockJobs{MasterFile: vs.text("stock.master_file"), SlaveFile: vs.text("stock.slave_file"),
			ReplicateDatabase: vs.text("stock.replicate_database"), ReplicateFiles: vs.text("stock.replicate_files"),
			CheckMaster: vs.text("stock.check_master")},
		PostgreSQL: PlatformPostgreSQL{Directory: vs.text("postgresql.directory"), Cluster: vs.text("postgresql.cluster"),
			Database: vs.text("postgresql.database"), User: vs.text("postgresql.user"), Unit: vs.text("postgresql.unit")},
		WithoutHA: SIPExpiry{Min: vs.duration("without_ha.min"), Max: vs.duration("without_ha.max"), Default: vs.duration("without_ha.default")},
		Telephony: Telephony{Unit: vs.text("telephony.unit"), Manage: vs.text("telephony.manage"), Service: vs.text("telephony.service"),
			Generate: vs.text("telephony.generate"), Asterisk: vs.text("telephony.asterisk"),
			PJSIPConf: vs.text("telephony.pjsip_conf"), SIPConf: vs.text("telephony.sip_conf")},
	}
}
