package endpoint

import "time"

// The paths that are answered.
const (
	StockPath = "/configmgt/api/2.0/sysconfd/get_ha_config"
	OwnPath   = "/v1/ha"
)

// Stock is what pollers of XiVO read.
type Stock struct {
	NodeType      string `json:"node_type"` // as in ha.conf: master, slave or disabled
	RemoteAddress string `json:"remote_address"`
	Active        bool   `json:"active"` // this node serves
}

// State is how a node stands.
type State struct {
	Stock
	Since   time.Time `json:"since,omitzero"` // it is to serve, or to stand by
	Peer    string    `json:"peer,omitempty"` // what the peer looks like, such as "healthy"
	Trouble string    `json:"trouble,omitempty"`
	Paused  time.Time `json:"paused,omitzero"` // until when maintenance lasts
}
