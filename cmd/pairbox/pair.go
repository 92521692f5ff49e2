package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// pair is two nodes in a box.
type pair struct{ master, standby node }

// node is one of them: a directory that stands for its file system.
type node struct {
	name, dir, hotpair string
}

const (
	masterAddress  = "10.0.0.1"
	standbyAddress = "10.0.0.2"
)

// newPair makes two nodes from a skeleton, set up as the stock tools do it.
func newPair(dir, hotpair, skeleton string) (pair, error) {
	program, err := filepath.Abs(hotpair)
	if err != nil {
		return pair{}, err
	}
	p := pair{
		master:  node{name: "master", dir: filepath.Join(dir, "master"), hotpair: program},
		standby: node{name: "standby", dir: filepath.Join(dir, "standby"), hotpair: program},
	}
	return p, errors.Join(
		p.master.make(skeleton), p.standby.make(skeleton),
		p.master.stock("master", standbyAddress), p.standby.stock("slave", masterAddress),
	)
}

func (n node) make(skeleton string) error {
	return os.CopyFS(n.dir, os.DirFS(skeleton))
}

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
			n.add("etc/postgresql/15/main/pg_hba.conf", "host asterisk postgres "+peer+"/32 trust\n"),
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
