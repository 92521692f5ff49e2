package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

const haConf = "etc/xivo/ha.conf"

// tell walks a pair through its life: taken over from the stock tools, changed,
// disturbed, mended, and switched off.
func tell(ctx context.Context, out io.Writer, p pair) error {
	s := &story{ctx: ctx, out: out, heading: "%s"}
	if f, is := out.(*os.File); is && term.IsTerminal(int(f.Fd())) {
		s.heading = "\x1b[1m%s\x1b[0m"
	}
	fmt.Fprintf(out, "A pair in a box: two nodes, set up with the stock tools. The master is %s, the standby %s.\n", masterAddress, standbyAddress)
	s.adopt(p)
	s.change(p)
	s.mistake(p)
	s.drift(p)
	s.pause(p)
	s.disable(p)
	if s.err == nil {
		fmt.Fprintln(out, "\nThat was all. Nothing outside the box was touched, and the box is gone.")
	}
	return s.err
}

func (s *story) adopt(p pair) {
	s.say("1. hotpair reads the nodes as they are, and writes down what it found.")
	for _, n := range []node{p.master, p.standby} {
		text := s.run(n, 0, "adopt")
		if s.err == nil {
			s.err = n.write("etc/hotpair/ha.hcl", text)
		}
		s.run(n, 0, "plan", "--detailed-exitcode")
	}
}

func (s *story) change(p pair) {
	s.say("2. The standby shall lag by 15 minutes, not by an hour.")
	s.edit(p.master, "etc/hotpair/ha.hcl", masterFile("*/15 * * * *"))
	s.run(p.master, 2, "plan", "--detailed-exitcode")
	s.run(p.master, 0, "apply", "--auto-approve")
	s.run(p.master, 0, "plan", "--detailed-exitcode")
}

func (s *story) mistake(p pair) {
	s.say("3. A mistake is told with its place, and changes nothing.")
	before, err := p.master.read(haConf)
	s.insist(err == nil, "ha.conf is gone")
	s.edit(p.master, "etc/hotpair/ha.hcl", strings.Replace(masterFile("*/15 * * * *"), standbyAddress, "standby.example", 1))
	s.run(p.master, 1, "apply", "--auto-approve")
	after, err := p.master.read(haConf)
	s.insist(err == nil && before == after, "a bad ha.hcl changed ha.conf")
	s.edit(p.master, "etc/hotpair/ha.hcl", masterFile("*/15 * * * *"))
}

func (s *story) drift(p pair) {
	s.say("4. Somebody edits ha.conf behind our back.")
	s.edit(p.master, haConf, `{"node_type": "slave", "remote_address": "10.0.0.2"}`)
	s.run(p.master, 2, "drift")
	s.run(p.master, 0, "apply", "--auto-approve")
	s.run(p.master, 0, "drift")
}

func (s *story) pause(p pair) {
	s.say("5. During an upgrade the administrator comments the replication out. That is a pause, not drift.")
	s.edit(p.master, "etc/cron.d/xivo-ha-master", "#*/15 * * * * root /usr/sbin/xivo-master-slave-db-replication 10.0.0.2 >/dev/null\n*/15 * * * * root /usr/bin/wazo-sync >/dev/null\n")
	s.run(p.master, 0, "plan", "--detailed-exitcode")
	s.run(p.master, 0, "status")
}

func (s *story) disable(p pair) {
	s.say("6. The pair is given up. The standby becomes a node without high availability.")
	s.edit(p.standby, "etc/hotpair/ha.hcl", "platform = \"wazo\"\n\nnode {\n  role = \"disabled\"\n}\n")
	s.run(p.standby, 2, "plan", "--detailed-exitcode")
	s.run(p.standby, 0, "apply", "--auto-approve")
	s.run(p.standby, 0, "plan", "--detailed-exitcode")
	hba, err := p.standby.read("etc/postgresql/15/main/pg_hba.conf")
	s.insist(err == nil && !strings.Contains(hba, masterAddress), "the master is still let in")
}

func masterFile(schedule string) string {
	return fmt.Sprintf(`platform = "wazo"

node {
  role = "master"
}

peer {
  address = %q
}

sip_expiry {
  max = "4m"
}

replication {
  schedule = %q
}
`, standbyAddress, schedule)
}
