package provd

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Seeding is what a fresh daemon holds.
type Seeding struct {
	Phones, SCCP int
	Own          string            // the node's address
	Others       map[string]string // further registrars and their servers
	Backup       string            // "": none, so that no key is there
}

// Seed writes the documents and devices of a plausible node.
func Seed(dir string, seed Seeding) error {
	err := errors.Join(os.MkdirAll(filepath.Join(dir, "configs"), 0o755), os.MkdirAll(filepath.Join(dir, "devices"), 0o755))
	put := func(kind string, d Document) {
		id, _ := d["id"].(string)
		err = errors.Join(err, write(dir, kind, id, d))
	}
	put("configs", Document{"id": "base", "X_type": "internal", "deletable": false, "parent_ids": []any{}, "raw_config": Document{"ip": seed.Own, "http_port": 8667, "ntp_enabled": true, "ntp_ip": seed.Own, "X_xivo_phonebook_ip": seed.Own}})
	put("configs", Document{"id": "defaultconfigdevice", "X_type": "device", "label": "Default config device", "deletable": false, "parent_ids": []any{}, "raw_config": Document{"admin_password": "1234", "sip_dtmf_mode": "RTP-out-of-band"}})
	put("configs", seed.registrar("default", seed.Own))
	for id, server := range seed.Others {
		put("configs", seed.registrar(id, server))
	}
	put("configs", Document{"id": "autoprov", "X_type": "internal", "role": "autocreate", "deletable": false, "parent_ids": []any{"base", "defaultconfigdevice"},
		"raw_config": Document{"sccp_call_managers": seed.managers(), "sip_lines": Document{"1": seed.line("autoprov", "apxyz")}}})
	for i := range seed.Phones + seed.SCCP {
		config, device := seed.phone(i, i >= seed.Phones)
		put("configs", config)
		put("devices", device)
	}
	return err
}

func (s Seeding) registrar(id, server string) Document {
	d := Document{"id": id, "X_type": "registrar", "deletable": false, "displayname": "local", "parent_ids": []any{}, "raw_config": Document{"X_key": "xivo"}, "proxy_main": server, "registrar_main": server}
	if s.Backup != "" {
		d["registrar_backup"], d["proxy_backup"] = s.Backup, s.Backup
	}
	return d
}

func (s Seeding) line(username, number string) Document {
	d := Document{"username": username, "auth_username": username, "password": "secret" + number, "display_name": "Autoprov", "number": number, "registrar_ip": s.Own, "proxy_ip": s.Own}
	if s.Backup != "" {
		d["backup_registrar_ip"], d["backup_proxy_ip"] = s.Backup, s.Backup
	}
	return d
}

func (s Seeding) managers() Document {
	m := Document{"1": Document{"ip": s.Own}}
	if s.Backup != "" {
		m["2"] = Document{"ip": s.Backup}
	}
	return m
}

func (s Seeding) phone(i int, sccp bool) (config, device Document) {
	id := fmt.Sprintf("%x", sha256.Sum256([]byte(fmt.Sprint("phone ", i))))[:32]
	raw := Document{"protocol": "SIP", "sip_lines": Document{"1": s.line(fmt.Sprintf("line%05d", i), fmt.Sprint(1000+i))}, "config_version": json.Number("1.0"), "X_xivo_user_uuid": id}
	if sccp {
		raw = Document{"protocol": "SCCP", "sccp_call_managers": s.managers(), "sccp_lines": Document{"1": Document{"ip": s.Own}}}
	}
	config = Document{"id": id, "parent_ids": []any{"base", "defaultconfigdevice"}, "deletable": true, "configdevice": "defaultconfigdevice", "X_note": "kept", "raw_config": raw}
	device = Document{"id": id, "config": id, "configured": true, "mac": fmt.Sprintf("00:15:65:%02x:%02x:%02x", i>>16, i>>8&0xff, i&0xff), "vendor": "Yealink", "model": "T46S", "plugin": "wazo-yealink-v86", "added": "auto"}
	return config, device
}

// AddPhone adds a phone that knows one server and no backup.
func (s *Server) AddPhone(id, server string) (err error) {
	config, device := Seeding{Own: server}.phone(0, false)
	config["id"], device["id"], device["config"] = id, id, id
	s.locked(func() { err = errors.Join(s.store("configs", id, config), s.store("devices", id, device)) })
	return err
}

// Describe makes a phone one of another make.
func (s *Server) Describe(device, vendor, model string) (err error) {
	s.locked(func() {
		d := clone(s.devices[device])
		d["vendor"], d["model"], d["plugin"] = vendor, model, ""
		err = s.store("devices", device, d)
	})
	return err
}

// AutoCreate makes what a fresh phone gets: a copy of autoprov's raw_config in a
// transient document of its own.
func (s *Server) AutoCreate() (id string, err error) {
	id = "autoprov" + rand.Text()
	s.locked(func() {
		raw := clone(s.configs["autoprov"])["raw_config"]
		d := Document{"id": id, "transient": true, "deletable": true, "parent_ids": []any{"base", "defaultconfigdevice"}, "raw_config": raw}
		device := Document{"id": "dev" + id, "config": id, "configured": true, "mac": "00:15:65:ff:ff:ff"}
		err = errors.Join(s.store("configs", id, d), s.store("devices", "dev"+id, device))
	})
	return id, err
}
