package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"golang.org/x/term"
)

const (
	haConf = "etc/xivo/ha.conf"
	haHCL  = "etc/hotpair/ha.hcl"
)

// tell walks a pair through its life: taken over from the stock tools, changed,
// disturbed, mended, and switched off.
func tell(ctx context.Context, out io.Writer, p pair) error {
	s := &story{ctx: ctx, out: out, heading: "%s"}
	if f, is := out.(*os.File); is && term.IsTerminal(int(f.Fd())) {
		s.heading = "\x1b[1m%s\x1b[0m"
	}
	fmt.Fprintf(out, "A pair in a box: two nodes with %d phones, set up with the stock tools.\nThe master is %s, the standby %s: addresses of this machine alone.\n", phoneCount+2, masterAddress, standbyAddress)
	if p.ssh == nil {
		s.runner = "  runner   = \"stock\"\n"
	}
	s.adopt(p)
	s.change(p)
	s.mistake(p)
	s.channel(p)
	s.firstCopy(p)
	s.follow(p)
	d := s.daemon(p)
	s.drift(p, d)
	s.phone(p, d)
	s.wrongRole(p, d)
	s.end(d)
	s.disable(p)
	return s.err
}

func (s *story) adopt(p pair) {
	s.say("1. hotpair reads the nodes as they are, and writes down what it found.")
	for _, n := range []node{p.master, p.standby} {
		text := s.run(n, 0, "adopt")
		if s.err == nil {
			s.err = n.write(haHCL, text)
		}
	}
	s.run(p.standby, 0, "plan", "--detailed-exitcode")
}

func (s *story) change(p pair) {
	s.say("2. Phones shall notice a dead master within 5 minutes, and the standby shall lag by 15.")
	s.edit(p.master, haHCL, s.masterFile())
	s.run(p.master, 2, "plan", "--detailed-exitcode")
	s.run(p.master, 0, "apply", "--auto-approve")
	s.run(p.master, 0, "plan", "--detailed-exitcode")
	s.insist(s.expiry(p.master) == "240 240 180", "the expiry is not in the database")
}

func (s *story) expiry(n node) string {
	if s.err != nil {
		return ""
	}
	text, err := expiry(s.ctx, n.database)
	s.insist(err == nil, fmt.Sprint("reading the expiry: ", err))
	return text
}

func (s *story) mistake(p pair) {
	s.say("3. A mistake is told with its place, and changes nothing.")
	before, err := p.master.read(haConf)
	s.insist(err == nil, "ha.conf is gone")
	s.edit(p.master, haHCL, strings.Replace(s.masterFile(), standbyAddress, "standby.example", 1))
	s.run(p.master, 1, "apply", "--auto-approve")
	after, err := p.master.read(haConf)
	s.insist(err == nil && before == after, "a bad ha.hcl changed ha.conf")
	s.edit(p.master, haHCL, s.masterFile())
}

func (s *story) daemon(p pair) *daemon {
	if p.ssh == nil {
		s.say("7. The daemon starts. It leaves the replication to the stock scripts.")
		d := s.watch(p.master)
		s.hears(d, "msg=watching")
		return d
	}
	s.say("7. The daemon starts. It replicates from now on, and takes the stock jobs out of cron.")
	const jobs = "etc/cron.d/xivo-ha-master"
	text, err := p.master.read(jobs)
	s.insist(err == nil, "the stock jobs are gone before the daemon runs")
	s.show(p.master, jobs, text)
	d := s.watch(p.master)
	s.hears(d, "resource=schedule", "msg=watching")
	_, err = p.master.read(jobs)
	s.insist(errors.Is(err, fs.ErrNotExist), "cron would still start the stock jobs")
	return d
}

func (s *story) drift(p pair, d *daemon) {
	s.say("8. Somebody edits ha.conf behind our back. The daemon mends it.")
	s.edit(p.master, haConf, `{"node_type": "slave", "remote_address": "`+standbyAddress+`"}`)
	s.hears(d, "resource=ha_conf")
	s.run(p.master, 0, "drift")
}

func (s *story) phone(p pair, d *daemon) {
	s.say("9. A phone is added that knows no backup. The daemon tells it.")
	if s.err == nil {
		s.err = p.master.phones.AddPhone("newphone", masterAddress)
	}
	if s.err == nil {
		s.err = d.cmd.Process.Signal(syscall.SIGHUP)
	}
	s.hears(d, "resource=device")
	s.insist(strings.Contains(document(p.master, "newphone"), standbyAddress), "the new phone has no backup")
	s.run(p.master, 0, "status")
}

// document is a phone's document as text.
func document(n node, id string) string {
	text, err := json.Marshal(n.phones.Configs()[id])
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (s *story) wrongRole(p pair, d *daemon) {
	s.say("10. Configuration management drops the standby's file on the master. No call ends.")
	s.edit(p.master, haHCL, strings.Replace(s.masterFile(), `"master"`, `"slave"`, 1))
	s.hears(d, "a change waits for consent")
	s.run(p.master, 0, "status")
	s.edit(p.master, haHCL, s.masterFile())
	s.hears(d, "nothing waits")
}

func (s *story) disable(p pair) {
	s.say("11. The pair is given up. The master becomes a node without high availability.")
	s.edit(p.master, haHCL, "platform = \"wazo\"\n\nnode {\n  role = \"disabled\"\n}\n")
	s.run(p.master, 0, "apply", "--auto-approve", "--allow", "resync")
	s.run(p.master, 0, "plan", "--detailed-exitcode")
	s.insist(s.expiry(p.master) == "120 3600 60", "the expiry is not as before")
	for id := range p.master.phones.Configs() {
		s.insist(!strings.Contains(document(p.master, id), standbyAddress), id+" has a dead backup")
	}
	s.insist(p.master.phones.Operations() == 0, "provd still remembers resynchronisations")
	log, err := p.master.read("var/log/commands.log")
	s.insist(err == nil, "no command was run")
	s.show(p.master, "var/log/commands.log", log)
}

// masterFile is the master's ha.hcl, as far as the story has come.
func (s *story) masterFile() string {
	ssh := ""
	if s.pinned != "" {
		ssh = "\n" + s.pinned
	}
	return fmt.Sprintf(`platform = "wazo"

node {
  role = "master"
}

peer {
  address = %q
%s}

sip_expiry {
  max = "4m"
}

replication {
  schedule = "*/15 * * * *"
%s}
`, standbyAddress, ssh, s.runner)
}
