package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/provd"
	"github.com/hotpair/hotpair/cmd/pairbox/sshd"
)

// pair is two nodes in a box.
type pair struct {
	master, standby node
	ssh             *sshd.Server // the standby's; nil: there is none
	runDir          bool         // sshd's directory on this machine was made for it
}

// node is one of them: a directory that stands for its file system, a database
// server, and a provisioning daemon.
type node struct {
	name, dir, hotpair string
	address            string
	database           *postgres.Server
	phones             *provd.Server
}

const (
	masterAddress  = "127.0.0.11"
	standbyAddress = "127.0.0.12"
)

// newPair makes two nodes from a skeleton, set up as the stock tools do it.
func newPair(ctx context.Context, o options) (pair, error) {
	program, err := filepath.Abs(o.hotpair)
	if err != nil {
		return pair{}, err
	}
	p := pair{
		master:  node{name: "master", address: masterAddress, dir: filepath.Join(o.keep, "master"), hotpair: program},
		standby: node{name: "standby", address: standbyAddress, dir: filepath.Join(o.keep, "standby"), hotpair: program},
	}
	err = errors.Join(
		p.master.make(ctx, o.skeleton, standbyAddress), p.standby.make(ctx, o.skeleton, ""),
		p.master.stock("master", standbyAddress), p.standby.stock("slave", masterAddress),
	)
	if err == nil && os.Geteuid() == 0 {
		err = p.join(ctx)
	}
	return p, err
}

// end ends what the nodes run.
func (p pair) end() {
	p.part()
	for _, n := range []node{p.master, p.standby} {
		_ = n.database.Close() // its data go with the box
		if n.phones != nil {
			n.phones.Close()
		}
	}
}

// phoneCount is how many phones a node has.
const phoneCount = 40

// make makes a node from a skeleton, with phones that have a backup or none.
func (n *node) make(ctx context.Context, skeleton, backup string) error {
	if err := os.CopyFS(n.dir, os.DirFS(skeleton)); err != nil {
		return err
	}
	hba, err := n.read(hbaFile)
	if err != nil {
		return err
	}
	// Whoever can enter the box may enter its databases.
	if err := n.write(hbaFile, strings.ReplaceAll(hba, "peer\n", "trust\n")); err != nil {
		return err
	}
	statements, err := os.ReadFile(skeleton + ".sql")
	if err != nil {
		return err
	}
	if n.database, err = startPostgres(ctx, n.dir, string(statements)); err != nil {
		return err
	}
	data := filepath.Join(n.dir, "var/lib/wazo-provd/jsondb")
	if err := provd.Seed(data, provd.Seeding{Phones: phoneCount, SCCP: 2, Own: n.address, Backup: backup}); err != nil {
		return err
	}
	return n.provision(data)
}

// provision starts a provisioning daemon, and says where it is in a file of its
// own: on a real node it is where the platform says.
func (n *node) provision(data string) error {
	var err error
	if n.phones, err = provd.New(provd.Options{Dir: data, ServiceID: "hotpair", ServiceKey: "key-of-the-box"}); err != nil {
		return err
	}
	base, err := n.phones.Listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	keys := filepath.Dir(filepath.Join(n.dir, keyFile))
	return errors.Join(
		os.MkdirAll(keys, 0o755), os.MkdirAll(filepath.Join(n.dir, "etc/hotpair/ha.d"), 0o755),
		n.write(keyFile, "service_id: hotpair\nservice_key: key-of-the-box\n"),
		n.write("etc/hotpair/ha.d/box.hcl", fmt.Sprintf("provisioning {\n  url = %q\n\n  auth {\n    url = %q\n  }\n}\n", base+"/0.2", base+"/auth/0.1")),
	)
}

const (
	hbaFile = "etc/postgresql/15/main/pg_hba.conf"
	keyFile = "var/lib/wazo-auth-keys/hotpair-key.yml"
)

// stock leaves the node as the stock tools leave a role.
func (n node) stock(role, peer string) error {
	files := map[string]string{"etc/xivo/ha.conf": fmt.Sprintf(`{"node_type": %q, "remote_address": %q}`, role, peer)}
	switch role {
	case "master":
		files["var/lib/wazo/is-primary"] = ""
		files["etc/cron.d/xivo-ha-master"] = "0 * * * * root /usr/sbin/xivo-master-slave-db-replication " + peer + " >/dev/null\n0 * * * * root /usr/bin/wazo-sync >/dev/null\n"
	case "slave":
		files["var/lib/wazo/is-secondary"] = ""
		files["var/lib/wazo/disabled"] = ""
		files["etc/cron.d/xivo-ha-slave"] = "* * * * * root /usr/sbin/xivo-check-master-status " + peer + " >/dev/null\n"
		err := errors.Join(
			n.add(hbaFile, "host asterisk postgres "+peer+"/32 trust\n"),
			n.add("etc/postgresql/15/main/postgresql.conf", "listen_addresses = '*'\n"),
		)
		if err != nil {
			return err
		}
	}
	for name, text := range files {
		if err := n.write(name, text); err != nil {
			return err
		}
	}
	return nil
}

func (n node) write(name, text string) error {
	return os.WriteFile(filepath.Join(n.dir, name), []byte(text), 0o644)
}

func (n node) read(name string) (string, error) {
	text, err := os.ReadFile(filepath.Join(n.dir, name))
	return string(text), err
}

func (n node) add(name, text string) error {
	old, err := n.read(name)
	if err != nil {
		return err
	}
	return n.write(name, old+text)
}
