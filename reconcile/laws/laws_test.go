package laws

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/disk"
)

const password = "s3cr3t-of-the-vault"

// vault is a kind with a secret: a file with a password in it.
type vault struct {
	root   *disk.Root
	wanted bool
}

func (v *vault) Want(context.Context) (reconcile.State, error) {
	if !v.wanted {
		return nil, nil
	}
	return reconcile.State{"password": reconcile.Secret(password)}, nil
}

func (v *vault) Have(context.Context) (reconcile.State, error) {
	text, err := v.root.Read("/vault")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return reconcile.State{"password": reconcile.Secret(string(text))}, err
}

func (v *vault) Apply(_ context.Context, c reconcile.Change) error {
	if c.Want.Absent() {
		return v.root.Remove("/vault")
	}
	return v.root.Write("/vault", []byte(c.Want["password"].Reveal()), 0o600)
}

func TestAKindWithASecretKeepsTheLaws(t *testing.T) {
	Check(t, func(t *testing.T) Subject {
		dir := t.TempDir()
		root, err := disk.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		return Subject{
			Root: root, Roles: []string{"master"}, Without: "disabled", Secrets: []string{password},
			Declare: func(role string, _ *reconcile.Ledger) ([]reconcile.Declared, error) {
				return []reconcile.Declared{{ID: reconcile.ID{Kind: "vault"}, Resource: &vault{root, role == "master"}}}, nil
			},
			World:   func() string { return Tree(dir, true) },
			Content: func() string { return Tree(dir, false) },
			Disturb: func(string) error { return os.WriteFile(filepath.Join(dir, "vault"), []byte("another"), 0o600) },
		}
	})
}
