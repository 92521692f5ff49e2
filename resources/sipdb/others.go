package sipdb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Override is a template or an endpoint that sets a value of its own, or a trunk
// and how long it registers at its provider for.
type Override struct {
	Endpoint string // as people call it
	Option   string
	Value    string
	Name     string // of the value that is overridden; empty: of a trunk
}

// Overrides lists what a tenant's other templates and endpoints set themselves:
// the last value on the way from the template down wins.
func (p Place) Overrides(ctx context.Context, q Querier) ([]Override, error) {
	if p.template == "" {
		return nil, nil
	}
	keys := map[string]string{}
	for name, key := range p.options {
		keys[key] = name
	}
	return p.others(ctx, q, `SELECT coalesce(nullif(e.label, ''), e.name), o.key, o.value, '' FROM endpoint_sip e
		JOIN endpoint_sip_section s ON s.endpoint_sip_uuid = e.uuid AND s.type = 'aor'
		JOIN endpoint_sip_section_option o ON o.endpoint_sip_section_uuid = s.uuid
		WHERE e.tenant_uuid = $1 AND e.uuid <> $2::text::uuid AND o.key = ANY($3) ORDER BY 1, 2`, p.Tenant, p.template, sorted(keys))
}

// Trunks lists for how long a tenant's trunks register, in seconds as written;
// "" where neither the trunk nor a template of the tenant says it.
func (p Place) Trunks(ctx context.Context, q Querier) ([]Override, error) {
	if p.template == "" {
		return nil, nil
	}
	return p.others(ctx, q, `SELECT coalesce(nullif(e.label, ''), e.name), 'expiration', coalesce(o.value, ''), '' FROM endpoint_sip e
		JOIN endpoint_sip_section s ON s.endpoint_sip_uuid = e.uuid AND s.type = 'registration'
		LEFT JOIN endpoint_sip_section_option o ON o.endpoint_sip_section_uuid = s.uuid AND o.key = 'expiration'
		WHERE e.tenant_uuid = $1 AND (o.key IS NOT NULL OR e.template IS NOT TRUE
			AND EXISTS (SELECT FROM endpoint_sip_section_option a WHERE a.endpoint_sip_section_uuid = s.uuid)
			AND NOT EXISTS (SELECT FROM endpoint_sip t
				JOIN endpoint_sip_section r ON r.endpoint_sip_uuid = t.uuid AND r.type = 'registration'
				JOIN endpoint_sip_section_option x ON x.endpoint_sip_section_uuid = r.uuid AND x.key = 'expiration'
				WHERE t.tenant_uuid = $1 AND t.template))
		ORDER BY 1`, p.Tenant)
}

func (p Place) others(ctx context.Context, q Querier, sql string, args ...any) ([]Override, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("reading what overrides the expiry of %s: %w", p.Name, err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Override])
	if err != nil {
		return nil, fmt.Errorf("reading what overrides the expiry of %s: %w", p.Name, err)
	}
	for i, o := range list {
		for name, key := range p.options {
			if key == o.Option {
				list[i].Name = name
			}
		}
	}
	return list, nil
}
