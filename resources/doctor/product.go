package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
)

// product is what a node's platform says of itself.
type product struct {
	Version   string `json:"version"`
	Encoding  string `json:"encoding"`
	Collation string `json:"collation"`
	Language  string `json:"language"` // LANG of the system

	configured *bool // nil: the database does not tell
}

// readProduct reads the row of table infos, whose columns differ between releases,
// and how the database was made.
func (l *look) readProduct(ctx context.Context) (p product, err error) {
	p.Language = l.language()
	err = l.query(ctx, func(conn *pgx.Conn) error {
		var there bool
		err := conn.QueryRow(ctx, `SELECT pg_encoding_to_char(encoding), datcollate || ', ' || datctype, to_regclass('public.infos') IS NOT NULL
			FROM pg_database WHERE datname = current_database()`).Scan(&p.Encoding, &p.Collation, &there)
		if err != nil || !there {
			return err
		}
		var row []byte
		err = conn.QueryRow(ctx, `SELECT to_jsonb(i) FROM public.infos i LIMIT 1`).Scan(&row)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return p.take(row)
	})
	if errors.Is(err, errNoDatabase) {
		p.Version, err = l.asteriskVersion(ctx), nil
	}
	return p, err
}

// take reads a row of infos.
func (p *product) take(row []byte) error {
	var values map[string]any
	if err := json.Unmarshal(row, &values); err != nil {
		return err
	}
	for name, value := range values {
		if text, is := value.(string); is && strings.HasSuffix(name, "_version") {
			p.Version = text
		}
	}
	if configured, is := values["configured"].(bool); is {
		p.configured = &configured
	}
	return nil
}

// asteriskVersion is what Asterisk itself says; "": it does not.
func (l *look) asteriskVersion(ctx context.Context) string {
	command := l.Config.Platform.Telephony.Asterisk
	if command == "" || l.Node.Host.HasCommand(command) != nil {
		return ""
	}
	out, err := l.Node.Host.Output(ctx, command, "-V")
	if err != nil {
		return ""
	}
	return printable(out)
}

// language is LANG as the system sets it (locale.conf(5); Debian has it in
// /etc/default/locale); "": it is not set.
func (l *look) language() string {
	for _, file := range []string{"/etc/default/locale", "/etc/locale.conf"} {
		text, err := l.Node.Host.Read(file)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			if value, is := strings.CutPrefix(strings.TrimSpace(line), "LANG="); is {
				return strings.Trim(value, `"'`)
			}
		}
	}
	return ""
}
