package main

import (
	"os/exec"
	"path/filepath"
	"strings"
)

// channel has hotpair replicate in place of the stock scripts: over SSH, and no
// longer as a superuser whom an address alone lets in.
func (s *story) channel(p pair) {
	if p.ssh == nil {
		s.say("4 to 6. Replication is left out here: root is who logs in over SSH, so run the demo as root to see it.")
		return
	}
	s.say("4. hotpair takes the replication over from the stock scripts: over SSH, with a key that can do nothing else.")
	const hostKey = "/etc/ssh/ssh_host_ed25519_key.pub"
	fields := strings.Fields(s.execute(p.standby, 0, "ssh-keygen -lf "+hostKey, exec.CommandContext(s.ctx, "ssh-keygen", "-lf", filepath.Join(p.standby.dir, hostKey))))
	s.insist(len(fields) > 1, "the standby has no host key")
	if s.err != nil {
		return
	}
	lines := s.run(p.master, 1, "init", "--accept-host-key", fields[1])
	_, lines, _ = strings.Cut(lines, "\n\n  ssh {")
	lines, _, _ = strings.Cut(lines, "\n\n")
	s.pinned = "  ssh {" + lines + "\n"
	key, err := p.master.read("root/.ssh/hotpair_ed25519.pub")
	s.insist(err == nil, "the master has no key of its own")
	s.tell("Within one machine connections come from 127.0.0.1. Between real nodes the line does as init printed it.")
	s.feed(p.standby, strings.TrimSpace(key), "authorize", "--from", "127.0.0.1")
	s.edit(p.master, haHCL, s.masterFile())
	s.run(p.master, 0, "init")
	s.tell("The stock scripts needed a superuser without a password on the standby. Nothing does any more.")
	s.edit(p.standby, haHCL, standbyFile)
	s.run(p.standby, 0, "apply", "--auto-approve")
	hba, err := p.standby.read(hbaFile)
	s.insist(err == nil && !strings.Contains(hba, masterAddress), "the standby's database still lets the master in without a password")
}

const standbyFile = `platform = "wazo"

node {
  role = "slave"
}

peer {
  address = "` + masterAddress + `"
}

sip_expiry {
  max = "4m"
}
`

// firstCopy makes both nodes equal. What the standby has of its own is not
// overwritten unasked.
func (s *story) firstCopy(p pair) {
	if p.ssh == nil {
		return
	}
	s.say("5. The first copy. Nobody knows yet who wrote what differs on the standby, so hotpair asks.")
	s.edit(p.master, mohFile, "tune 1\n")
	s.run(p.master, 0, "replicate", "--dry-run")
	s.run(p.master, 4, "replicate")
	s.run(p.master, 0, "replicate", "--allow", "overwrite")
	s.run(p.master, 0, "replicate", "--verify")
}

const (
	mohFile = mohDir + "/hold.wav"
	newTune = mohDir + "/night.wav"
	users   = "SELECT firstname, lastname FROM userfeatures"
	calls   = "SELECT eventtype, cid_num, exten FROM cel"
)

// follow changes the master and has the standby follow, whose own records of
// calls stay.
func (s *story) follow(p pair) {
	if p.ssh == nil {
		return
	}
	s.say("6. A user and a tune are added on the master. The standby has recorded a call, which no copy may take.")
	s.sql(p.master, "INSERT INTO userfeatures (firstname, lastname, tenant_uuid) SELECT 'Ada', 'Lovelace', uuid FROM tenant WHERE slug = 'main'")
	s.edit(p.master, newTune, "tune 2\n")
	s.sql(p.standby, "INSERT INTO cel (eventtype, eventtime, cid_num, exten, uniqueid, linkedid) VALUES ('CHAN_START', now(), '1001', '1002', '1732.1', '1732.1')")
	s.run(p.master, 0, "replicate")
	s.insist(strings.Contains(s.sql(p.standby, users), "Lovelace"), "the user did not arrive")
	s.insist(strings.Contains(s.sql(p.standby, calls), "CHAN_START"), "the standby's record of a call is gone")
	text, err := p.standby.read(newTune)
	s.insist(err == nil && text == "tune 2\n", "the tune did not arrive")
	s.show(p.standby, newTune, text)
	s.run(p.master, 0, "replicate", "--verify")
	s.run(p.master, 0, "history")
	s.run(p.master, 0, "status")
}
