package sipdb

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/jackc/pgx/v5"
)

func pjsip() statements {
	return statements{
		list: `SELECT o.uuid::text, o.key, o.value FROM endpoint_sip_section s
			JOIN endpoint_sip_section_option o ON o.endpoint_sip_section_uuid = s.uuid
			WHERE s.endpoint_sip_uuid = $1::text::uuid AND s.type = 'aor' AND o.key = ANY($2) ORDER BY o.uuid`,
		section: `SELECT NOT EXISTS (SELECT 1 FROM endpoint_sip_section WHERE type = 'aor' AND endpoint_sip_uuid = $1::text::uuid)`,
		prepare: `INSERT INTO endpoint_sip_section (uuid, type, endpoint_sip_uuid)
			SELECT $2::text::uuid, 'aor', $1::text::uuid WHERE NOT EXISTS
			(SELECT 1 FROM endpoint_sip_section WHERE type = 'aor' AND endpoint_sip_uuid = $1::text::uuid)`,
		insert: `INSERT INTO endpoint_sip_section_option (uuid, key, value, endpoint_sip_section_uuid)
			SELECT $2::text::uuid, $3, $4, uuid FROM endpoint_sip_section WHERE type = 'aor' AND endpoint_sip_uuid = $1::text::uuid`,
		update: `UPDATE endpoint_sip_section_option SET value = $2 WHERE uuid = $1::text::uuid`,
		remove: `DELETE FROM endpoint_sip_section_option WHERE uuid = $1::text::uuid`,
		tidy: `DELETE FROM endpoint_sip_section s WHERE s.uuid = $1::text::uuid
			AND NOT EXISTS (SELECT 1 FROM endpoint_sip_section_option o WHERE o.endpoint_sip_section_uuid = s.uuid)`,
	}
}

func chanSIP() statements {
	return statements{
		list: `SELECT o.id::text, o.var_name, o.var_val FROM staticsip o
			WHERE o.filename = 'sip.conf' AND o.category = $1 AND o.commented = 0 AND o.var_name = ANY($2) ORDER BY o.id`,
		insert: `INSERT INTO staticsip (cat_metric, var_metric, commented, filename, category, var_name, var_val)
			SELECT 0, 0, 0, 'sip.conf', $1, $3, $4 WHERE $2 <> ''`,
		update: `UPDATE staticsip SET var_val = $2 WHERE id = $1::text::integer`,
		remove: `DELETE FROM staticsip WHERE id = $1::text::integer`,
	}
}

// Places lists where the values stand: one place a tenant where the database
// knows PJSIP, otherwise the one of chan_sip. Without is how many tenants have
// no template.
func Places(ctx context.Context, q Querier) (places []Place, without int, err error) {
	var modern, legacy bool
	rows, err := q.Query(ctx, `SELECT to_regclass('endpoint_sip_section_option') IS NOT NULL, to_regclass('staticsip') IS NOT NULL`)
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{&modern, &legacy}, func() error { return nil })
	}
	switch {
	case err != nil:
		return nil, 0, fmt.Errorf("looking for the expiry tables: %w", err)
	case modern:
		return templates(ctx, q)
	case legacy:
		return []Place{{Name: "general", options: map[string]string{Minimum: "minexpiry", Default: "defaultexpiry", Maximum: "maxexpiry"}, sql: chanSIP()}}, 0, nil
	}
	return nil, 0, nil
}

func templates(ctx context.Context, q Querier) (places []Place, without int, err error) {
	rows, err := q.Query(ctx, `SELECT t.uuid::text, coalesce(t.slug, ''), coalesce(e.uuid::text, '') FROM tenant t
		LEFT JOIN endpoint_sip e ON e.uuid = t.global_sip_template_uuid ORDER BY t.uuid`)
	if err != nil {
		return nil, 0, fmt.Errorf("reading the tenants: %w", err)
	}
	p := Place{options: map[string]string{Minimum: "minimum_expiration", Default: "default_expiration", Maximum: "maximum_expiration"}, sql: pjsip()}
	_, err = pgx.ForEachRow(rows, []any{&p.Tenant, &p.Name, &p.template}, func() error {
		if p.template == "" {
			without++
			return nil
		}
		places = append(places, p)
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("reading the tenants: %w", err)
	}
	return named(places), without, nil
}

// named makes names that tell the places apart: a slug that says nothing, or
// that two tenants have, gives way to the UUID.
func named(places []Place) []Place {
	times := map[string]int{}
	for _, p := range places {
		times[p.Name]++
	}
	for i, p := range places {
		if times[p.Name] > 1 || !regexp.MustCompile(`^[A-Za-z0-9_-]+$`).MatchString(p.Name) {
			places[i].Name = p.Tenant
		}
	}
	return places
}

// NewID is a random UUID (RFC 9562 §5.4).
func NewID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func sorted(keys map[string]string) []string { return slices.Sorted(maps.Keys(keys)) }
