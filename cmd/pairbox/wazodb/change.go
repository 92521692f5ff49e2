package wazodb

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Changing says how much a user edits.
type Changing struct {
	Rows int
	// Seed chooses the rows. New rows have keys of their own each time.
	Seed uint64
}

// Change edits that many rows of the ten largest tables that are replicated:
// three in five are updated, one is deleted, one is new. Only rows that no
// other refers to are deleted, so nothing but these rows changes. Foreign keys
// hold by that, and are not checked, which would take most of the time.
func Change(ctx context.Context, conn *pgx.Conn, c Changing) error {
	random := rand.New(rand.NewPCG(c.Seed, 0))
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL session_replication_role = replica"); err != nil {
			return err
		}
		keys, err := readKeys(ctx, tx.Conn())
		if err != nil {
			return err
		}
		list := editables()
		for i, e := range list {
			rows := c.Rows / len(list)
			if i < c.Rows%len(list) {
				rows++
			}
			edit := editing{tx: tx, editable: e, keys: keys, random: random}
			if err := edit.all(ctx, rows); err != nil {
				return fmt.Errorf("changing %s: %w", e.table, err)
			}
		}
		return nil
	})
}

// editable is a table, how a row of it is updated, and what a copy of a row must
// have of its own, as pairs for jsonb_build_object; r is the copied row.
type editable struct{ table, update, own, copied string }

// editables are the ten tables; a template comes before the user that needs it.
func editables() []editable {
	return []editable{
		{"dialaction", "action = 'none', actionarg1 = concat(actionarg1, '+')", "'categoryval', gen_random_uuid()", ""},
		{"endpoint_sip_section_option", "value = value || '+'", "'uuid', gen_random_uuid()", ""},
		{"endpoint_sip", "label = 'edited', asterisk_id = NULL", "'uuid', gen_random_uuid(), 'name', gen_random_uuid()", ""},
		{"endpoint_sip_section", "type = CASE type WHEN 'aor' THEN 'registration' WHEN 'registration' THEN 'aor' ELSE type END", "'uuid', gen_random_uuid(), 'type', 'identify'",
			"type = 'auth' AND NOT EXISTS (SELECT FROM endpoint_sip_section o WHERE o.endpoint_sip_uuid = r.endpoint_sip_uuid AND o.type = 'identify')"},
		{"func_key_template", "name = 'edited'", "'id', nextval('func_key_template_id_seq')", ""},
		{"voicemail", "fullname = 'Zoë', email = NULL", "'uniqueid', nextval('voicemail_uniqueid_seq'), 'mailbox', gen_random_uuid()", "accesstype = 'personal'"},
		{"userfeatures", "firstname = 'Zoë', enablednd = 1 - enablednd", "'id', nextval('userfeatures_id_seq'), 'uuid', gen_random_uuid(), 'email', NULL, 'func_key_private_template_id', " + freeTemplate, ""},
		{"auth_user", "lastname = E'a\\tb\\\\c', password_hash = md5(random()::text)", "'uuid', gen_random_uuid(), 'username', gen_random_uuid()", ""},
		{"chatd_user", "state = 'away', last_activity = now()", "'uuid', gen_random_uuid()", ""},
		{"extensions", "commented = 1 - commented", "'id', nextval('extensions_id_seq'), 'exten', gen_random_uuid()", ""},
	}
}

// freeTemplate is a template of no user; r.n is the new user's place in this edit.
const freeTemplate = `(ARRAY(SELECT t.id FROM func_key_template t
	WHERE NOT EXISTS (SELECT FROM userfeatures u WHERE u.func_key_private_template_id = t.id) AND NOT EXISTS (SELECT FROM userfeatures u WHERE u.func_key_template_id = t.id)
	ORDER BY t.id DESC))[r.n]`

type editing struct {
	editable
	tx     pgx.Tx
	keys   []key
	random *rand.Rand
}

// all edits that many rows. What cannot be deleted or copied is made up for by
// updates.
func (e editing) all(ctx context.Context, rows int) error {
	var updates, deletes, inserts int
	for range rows {
		switch e.random.IntN(5) {
		case 0:
			deletes++
		case 1:
			inserts++
		default:
			updates++
		}
	}
	deleted, err := e.exec(ctx, "DELETE FROM %[1]s WHERE ctid = ANY(ARRAY(SELECT ctid FROM %[1]s r WHERE %[2]s ORDER BY md5(ctid::text || $2) LIMIT $1))", e.childless(), deletes)
	if err != nil {
		return err
	}
	const update = "UPDATE %[1]s SET %[2]s WHERE ctid = ANY(ARRAY(SELECT ctid FROM %[1]s ORDER BY md5(ctid::text || $2) LIMIT $1))"
	if _, err = e.exec(ctx, update, e.update, updates+deletes-deleted); err != nil {
		return err
	}
	copied := e.copied
	if copied == "" {
		copied = "true"
	}
	insert := `INSERT INTO %[1]s SELECT new.* FROM (SELECT r AS base, row_number() OVER (ORDER BY md5(ctid::text || $2)) AS n
		FROM %[1]s r WHERE %[2]s ORDER BY n LIMIT $1) r, LATERAL jsonb_populate_record(r.base, jsonb_build_object(` + e.own + `)) new`
	inserted, err := e.exec(ctx, insert, copied, inserts)
	if err == nil && inserted < inserts {
		_, err = e.exec(ctx, update, e.update, inserts-inserted)
	}
	return err
}

// exec runs a statement about some rows and answers how many it was.
func (e editing) exec(ctx context.Context, statement, part string, rows int) (int, error) {
	if rows == 0 {
		return 0, nil
	}
	tag, err := e.tx.Exec(ctx, fmt.Sprintf(statement, quote(e.table), part), rows, fmt.Sprint(e.random.Uint64()))
	return int(tag.RowsAffected()), err
}

// childless is the condition that no row refers to row r.
func (e editing) childless() string {
	conditions := []string{"true"}
	for _, k := range e.keys {
		if k.Parent != e.table {
			continue
		}
		var equal []string
		for i, name := range k.Columns {
			equal = append(equal, "c."+quote(name)+" = r."+quote(k.ParentColumns[i]))
		}
		conditions = append(conditions, fmt.Sprintf("NOT EXISTS (SELECT FROM %s c WHERE %s)", quote(k.Table), strings.Join(equal, " AND ")))
	}
	return strings.Join(conditions, " AND ")
}
