package resources

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// postgresPrograms is where Debian's packages put the newest version there is.
func postgresPrograms() string {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(found) == 0 {
		return "/usr/lib/postgresql/none/bin"
	}
	return found[len(found)-1]
}

// cluster is a real PostgreSQL on a node's root of its own.
type cluster struct {
	root   string
	port   int
	owner  syscall.Credential
	log    *bytes.Buffer
	server *exec.Cmd
	life   io.Closer // the server ends when this is closed, or with the test
}

const (
	clusterData    = "/var/lib/postgresql/15/main"
	clusterConfig  = "/etc/postgresql/15/main"
	clusterSockets = "/run"
)

// newCluster makes a cluster with the layout of Debian's packages, or skips the
// test where there is no PostgreSQL to be run by root.
func newCluster(t *testing.T) *cluster {
	t.Helper()
	owner, err := user.Lookup("postgres")
	if err == nil {
		_, err = exec.LookPath(filepath.Join(postgresPrograms(), "postgres"))
	}
	if err == nil && os.Geteuid() != 0 {
		err = fmt.Errorf("the test is run by user %d", os.Geteuid())
	}
	switch {
	case err != nil && os.Getenv("CI") != "":
		t.Fatalf("a test needs root and PostgreSQL: %v", err)
	case err != nil:
		t.Skipf("root and PostgreSQL are needed: %v", err)
	}
	uid, _ := strconv.ParseUint(owner.Uid, 10, 32)
	gid, _ := strconv.ParseUint(owner.Gid, 10, 32)
	c := &cluster{port: freePort(t), owner: syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	c.root = c.home(t)
	c.run(t, "initdb", "--no-sync", "--auth=trust", "--username=postgres", "--pgdata="+c.path(clusterData))
	for _, name := range []string{"postgresql.conf", "pg_hba.conf", "pg_ident.conf"} {
		if err := os.Rename(c.path(clusterData, name), c.path(clusterConfig, name)); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// home is a root that the server's user can enter; t.TempDir is none.
func (c *cluster) home(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pg")
	if err == nil {
		t.Cleanup(func() { os.RemoveAll(dir) })
		err = os.Chmod(dir, 0o755)
	}
	for _, name := range []string{clusterData, clusterConfig + "/conf.d", clusterSockets, "/srv"} {
		if err == nil {
			err = os.MkdirAll(filepath.Join(dir, name), 0o755)
		}
	}
	if err == nil {
		err = filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
			return errors.Join(err, os.Lchown(name, int(c.owner.Uid), int(c.owner.Gid)))
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// path is a path of the node as the server names it.
func (c *cluster) path(parts ...string) string {
	return filepath.Join(append([]string{c.root}, parts...)...)
}

func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = c.root, []string{"LC_ALL=C.UTF-8", "PATH=" + postgresPrograms() + ":/usr/bin:/bin"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &c.owner}
	return cmd
}

func (c *cluster) run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := c.command(filepath.Join(postgresPrograms(), name), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
}

// write replaces a file of the node; the server's user owns it.
func (c *cluster) write(t *testing.T, name, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(c.path(name)), 0o755)
	if err == nil {
		err = os.WriteFile(c.path(name), []byte(text), 0o640)
	}
	if err == nil {
		err = os.Chown(c.path(name), int(c.owner.Uid), int(c.owner.Gid))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (c *cluster) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(c.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// start starts the server with the configuration as it stands and waits until
// it answers. The shell ends it when this process does, however it ends.
func (c *cluster) start(t *testing.T, hba string) {
	t.Helper()
	const guard = `"$@" & read -r _; kill -INT $!; wait $!`
	args := []string{"-c", guard, "guard", filepath.Join(postgresPrograms(), "postgres")}
	for name, value := range map[string]string{
		"config_file": c.path(clusterConfig, "postgresql.conf"), "data_directory": c.path(clusterData),
		"hba_file": c.path(hba), "ident_file": c.path(clusterConfig, "pg_ident.conf"),
		"unix_socket_directories": c.path(clusterSockets), "port": strconv.Itoa(c.port), "fsync": "off",
	} {
		args = append(args, "-c", name+"="+value)
	}
	c.log, c.server = &bytes.Buffer{}, c.command("/bin/sh", args...)
	c.server.Stdout, c.server.Stderr = c.log, c.log
	life, err := c.server.StdinPipe()
	if err == nil {
		err = c.server.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	c.life = life
	t.Cleanup(func() { c.stop(t) })
	c.await(t)
}

func (c *cluster) await(t *testing.T) {
	t.Helper()
	for range 300 {
		state, err := os.ReadFile(c.path(clusterData, "postmaster.pid"))
		if err == nil && bytes.Contains(state, []byte("\nready")) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.stop(t)
	t.Fatalf("the server does not answer: %s", c.log)
}

// stop ends the server; one that is not running is no error.
func (c *cluster) stop(t *testing.T) {
	t.Helper()
	if c.server == nil {
		return
	}
	c.life.Close()
	if err := c.server.Wait(); err != nil {
		t.Errorf("the server ended with %v: %s", err, c.log)
	}
	c.server = nil
}

// connect connects as the superuser without a password, over the local socket
// or, where the client's address is given, over TCP.
func (c *cluster) connect(ctx context.Context, database, client string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(fmt.Sprintf("host=%s port=%d user=postgres dbname=%s sslmode=disable", c.path(clusterSockets), c.port, database))
	if err != nil {
		return nil, err
	}
	if client != "" {
		config.Host = "127.0.0.1"
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(client)}}
		config.DialFunc = dialer.DialContext
	}
	return pgx.ConnectConfig(ctx, config)
}

// admin is a connection for the length of a test.
func (c *cluster) admin(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := c.connect(t.Context(), "postgres", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// randomTexts puts lines together of one choice a column, with a slip now and
// then. They are the same ones in every run.
func randomTexts(columns, slips []string) map[string]string {
	const count = 300
	random := rand.New(rand.NewPCG(15, 18))
	one := func(list []string) string { return list[random.IntN(len(list))] }
	texts := map[string]string{}
	for i := range count {
		var b strings.Builder
		for range 1 + random.IntN(6) {
			for _, column := range columns {
				b.WriteString(one(strings.Split(column, "|")))
				if random.IntN(20) == 0 {
					b.WriteString(one(slips))
				}
			}
			b.WriteString(one([]string{"\n", "\n", "\n\n", "\r\n", " # c\n"}))
		}
		texts[fmt.Sprint("random ", i)] = b.String()
	}
	return texts
}

func hbaColumns() (columns, slips []string) {
	const blank, list = ` |	|  | \t`, `all|all|"all"|a,b|a, b|"a b"|"c""d",e|+g|@names|replication|sameuser|""|al"l"|a"b c"d`
	columns = strings.Split(strings.ReplaceAll(strings.Join([]string{
		"host|host|hostssl|hostnossl|hostnogssenc|\"host\"|HOST", blank, list, blank, list, blank,
		"10.0.0.1/32|10.0.0.1 255.255.255.255|10.9.8.7/20|10.9.8.7\t255.255.240.0|fd00::1/64|fd00::1 ffff:fe00::|::/0|all|samenet|.example.com|0.0.0.0/0|10.0.0.1 255.0.255.0",
		blank, "trust|md5|reject|scram-sha-256|\"md5\"|cert|ldap ldapserver=x",
	}, "\x00"), `\t`, "\t"), "\x00")
	return columns, []string{"\"", ",", ", ", " ,", "\\\n", "\\\r\n", "\\", "#", "\"\"", "\n", "\r", "\v", "@", "@names", " ", "/"}
}

func confColumns() (columns, slips []string) {
	columns = []string{
		"|| |\t", "listen_addresses|Listen_Addresses|port|PORT|work_mem|cluster_name|own.name|include_if_exists", " | = |=|\t=\t| =", "'*'|''|'5433'|'127.0.0.1, ::1'|localhost|5433|8MB|0x1540|-1|1.5|'it''s'|'it\\'s'|'\\052\\t'|'a#b'|a-b.c.d",
	}
	return columns, []string{"'", "''", "=", "#", "\\", "\n", "\r", "\v", " ", ".", "a", "ä", "-", "'x'", "*", ","}
}
