// Package endpoint tells by HTTP whether a node serves, to those who ask for it
// and may only read: the companions on other machines, and what polls XiVO today.
//
// It answers GET and HEAD of two paths. StockPath is what XiVO's web server passes
// on to xivo-sysconfd, and what the monitoring of XiVO CC asks for:
//
//	{"node_type":"master","remote_address":"10.0.0.2","active":true}
//
// OwnPath says the same and more: since when, and how the peer looks. Nothing of it
// is secret, and none of it comes from the database.
//
// What a maintainer needs to know:
//
//   - Read in the published sources: xivo-sysconfd, and wazo-sysconfd after it,
//     answer get_ha_config with what stands in ha.conf, one JSON object with
//     node_type (master, slave or disabled) and remote_address, and with "disabled"
//     and "" where there is no such file. Neither has a key "active".
//   - Documented for XiVO Resilience: a CC starts and stops what belongs to it when
//     its XiVO becomes active or inactive. That its monitoring reads the key
//     "active" of this answer is known; the rest of that answer is in no public
//     source. So it is assumed that "active" is a JSON boolean beside the other two
//     keys, and that further keys do no harm.
//   - 503 with a JSON object that has no "active" means that nobody knows yet: the
//     daemon has just started. A poller must not take that for "inactive".
package endpoint
