package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// postgres is a node's database server, on a socket below the node's root and
// nowhere else. It ends with this program, however that ends.
type postgres struct {
	dir    string // the node's root
	owner  *syscall.Credential
	server *exec.Cmd
	life   io.Closer
}

const (
	socketDir  = "var/run/postgresql"
	dataDir    = "var/lib/postgresql/15/main"
	configDir  = "etc/postgresql/15/main"
	startLimit = 30 * time.Second
)

// startPostgres makes a cluster with a database of these statements. A server
// does not run as root: there it is Debian's user postgres.
func startPostgres(ctx context.Context, dir, statements string) (*postgres, error) {
	p := &postgres{dir: dir}
	if err := p.becomeOwner(); err != nil {
		return nil, err
	}
	initdb, err := program("initdb")
	if err != nil {
		return nil, err
	}
	out, err := p.command(ctx, initdb, "--no-sync", "--auth=trust", "--username=postgres", "--pgdata="+filepath.Join(dir, dataDir)).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("making a database cluster: %w: %s", err, out)
	}
	if err := p.start(ctx); err != nil {
		return nil, err
	}
	return p, p.fill(ctx, statements)
}

// becomeOwner gives the server's user the directories that are its own.
func (p *postgres) becomeOwner() error {
	for _, name := range []string{socketDir, dataDir} {
		if err := os.MkdirAll(filepath.Join(p.dir, name), 0o755); err != nil {
			return err
		}
	}
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
	p.owner = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	err = errors.Join(errUID, errGID)
	for _, name := range []string{socketDir, "var/lib/postgresql", configDir} {
		err = errors.Join(err, filepath.WalkDir(filepath.Join(p.dir, name), func(path string, _ fs.DirEntry, err error) error {
			return errors.Join(err, os.Lchown(path, int(uid), int(gid)))
		}))
	}
	return err
}

// program finds one of Debian's versions.
func program(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return "", errors.New("PostgreSQL is needed: apt-get install postgresql")
	}
	return found[len(found)-1], nil
}

func (p *postgres) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = "/", []string{"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.owner, Setpgid: true}
	return cmd
}

// start starts the server; a shell ends it when its standard input closes.
func (p *postgres) start(ctx context.Context) error {
	server, err := program("postgres")
	if err != nil {
		return err
	}
	const guard = `"$@" >/dev/null 2>&1 & read -r _; kill -INT $!; wait $!`
	args := []string{"-c", guard, "guard", server}
	for name, value := range map[string]string{
		"config_file": filepath.Join(p.dir, configDir, "postgresql.conf"), "hba_file": filepath.Join(p.dir, configDir, "pg_hba.conf"),
		"data_directory": filepath.Join(p.dir, dataDir), "ident_file": filepath.Join(p.dir, dataDir, "pg_ident.conf"), "unix_socket_directories": filepath.Join(p.dir, socketDir),
		"listen_addresses": "", "fsync": "off", "shared_buffers": "16MB",
	} {
		args = append(args, "-c", name+"="+value)
	}
	p.server = p.command(context.WithoutCancel(ctx), "/bin/sh", args...)
	if p.life, err = p.server.StdinPipe(); err != nil {
		return err
	}
	return p.server.Start()
}

func (p *postgres) connect(ctx context.Context, database string) (*pgx.Conn, error) {
	return pgx.Connect(ctx, fmt.Sprintf("host=%s port=5432 user=postgres dbname=%s", filepath.Join(p.dir, socketDir), database))
}

// fill makes the telephony database. The first connection waits for the server.
func (p *postgres) fill(ctx context.Context, statements string) error {
	conn, err := p.connect(ctx, "postgres")
	for end := time.Now().Add(startLimit); err != nil && time.Now().Before(end) && ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		conn, err = p.connect(ctx, "postgres")
	}
	if err != nil {
		return fmt.Errorf("waiting for the database: %w", err)
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE asterisk")
	conn.Close(ctx)
	if err != nil {
		return err
	}
	if conn, err = p.connect(ctx, "asterisk"); err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statements)
	return err
}

// expiry is the three values of the first tenant, in the order of their names.
func (p *postgres) expiry(ctx context.Context) (string, error) {
	conn, err := p.connect(ctx, "asterisk")
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

// stop ends the server.
func (p *postgres) stop() {
	if p == nil || p.life == nil {
		return
	}
	p.life.Close()
	_ = p.server.Wait() // an immediate shutdown is no clean exit
}
