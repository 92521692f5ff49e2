package main

import (
	"context"

	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
)

// startPostgres makes a node's database server, with a telephony database of
// these statements.
func startPostgres(ctx context.Context, dir, statements string) (*postgres.Server, error) {
	s, err := postgres.Start(ctx, postgres.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	if err := execute(ctx, s, "postgres", "CREATE DATABASE asterisk"); err != nil {
		return s, err
	}
	return s, execute(ctx, s, "asterisk", statements)
}

func execute(ctx context.Context, s *postgres.Server, database, statements string) error {
	conn, err := s.Connect(ctx, database)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statements)
	return err
}

// expiry is the three values of the first tenant, in the order of their names.
func expiry(ctx context.Context, s *postgres.Server) (string, error) {
	conn, err := s.Connect(ctx, "asterisk")
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	var text string
	err = conn.QueryRow(ctx, `SELECT string_agg(o.value, ' ' ORDER BY o.key) FROM tenant t
		JOIN endpoint_sip_section s ON s.endpoint_sip_uuid = t.global_sip_template_uuid AND s.type = 'aor'
		JOIN endpoint_sip_section_option o ON o.endpoint_sip_section_uuid = s.uuid AND o.key LIKE '%\_expiration' WHERE t.slug = 'main'`).Scan(&text)
	return text, err
}
