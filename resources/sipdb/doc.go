// Package sipdb knows where the telephony database keeps how long a phone's
// registration lasts (RFC 3261 §10), in both schemas that are met:
//
//   - PJSIP (Wazo 20.13 and later): every tenant has a template,
//     tenant.global_sip_template_uuid → endpoint_sip; its section of type aor has
//     the options minimum_expiration, default_expiration, maximum_expiration.
//     Templates and endpoints below it may override them.
//   - chan_sip (XiVO, older Wazo): the rows minexpiry, defaultexpiry, maxexpiry of
//     staticsip, for the section general of sip.conf.
//
// Asterisk reads none of it by itself: its configuration is generated from the
// tables, and reloaded. This package reads and writes rows in transactions of
// its caller; it knows neither what the values should be nor how they take
// effect.
package sipdb

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The three values, by names of this package.
const (
	Minimum = "minimum"
	Default = "default"
	Maximum = "maximum"
)

// Names lists the three values.
func Names() []string { return []string{Minimum, Default, Maximum} }

// Querier is a connection or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Row is one value as it is stored.
type Row struct {
	ID    string `json:"id"`
	Value string `json:"value"`
}

// Rows are the rows of each value. There should be one of each; none means that
// Asterisk's own default holds.
type Rows map[string][]Row
