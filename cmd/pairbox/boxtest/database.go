package boxtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/wazodb"
)

// Connect is a connection for the length of a test.
func Connect(t testing.TB, s *postgres.Server, database string) *pgx.Conn {
	t.Helper()
	conn, err := s.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// Database makes an empty database and connects to it.
func Database(t testing.TB, s *postgres.Server, name string) *pgx.Conn {
	t.Helper()
	if _, err := Connect(t, s, "postgres").Exec(t.Context(), "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()); err != nil {
		t.Fatal(err)
	}
	return Connect(t, s, name)
}

// Platform makes a database like a platform's, and connects to it.
func Platform(t testing.TB, s *postgres.Server, name string, f wazodb.Filling) *pgx.Conn {
	t.Helper()
	conn := Database(t, s, name)
	err := wazodb.Create(t.Context(), conn)
	if err == nil {
		err = wazodb.Fill(t.Context(), conn, f)
	}
	if err != nil {
		t.Fatal(err)
	}
	return conn
}
