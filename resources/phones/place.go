package phones

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Place is where a backup address stands, or could.
type Place struct {
	// Name is the path below the part of the document that holds such addresses:
	// "sip_lines.1.backup_registrar_ip".
	Name string
	// Main is the address of the server that the backup stands in for.
	Main string

	path []string
}

// Places lists where a document has backup addresses, by name: beside each main
// address that it has.
func Places(d Document) []Place {
	if IsRegistrar(d) {
		return beside(d, nil, "", "registrar_main", "registrar_backup", "proxy_main", "proxy_backup")
	}
	raw, _ := d[rawConfig].(Document)
	lines, _ := raw[sipLines].(Document)
	var places []Place
	for _, number := range slices.Sorted(maps.Keys(lines)) {
		line, _ := lines[number].(Document)
		path := []string{rawConfig, sipLines, number}
		places = append(places, beside(line, path, sipLines+"."+number+".", "registrar_ip", "backup_registrar_ip", "proxy_ip", "backup_proxy_ip")...)
	}
	managers, _ := raw[callManagers].(Document)
	if first, _ := managers["1"].(Document); text(first["ip"]) != "" {
		places = append(places, Place{Name: callManagers + ".2.ip", Main: text(first["ip"]), path: []string{rawConfig, callManagers, "2", "ip"}})
	}
	return places
}

// beside pairs main keys with their backups, where the main one says something.
func beside(in Document, path []string, prefix string, pairs ...string) []Place {
	var places []Place
	for pair := range slices.Chunk(pairs, 2) {
		if main := text(in[pair[0]]); main != "" {
			places = append(places, Place{Name: prefix + pair[1], Main: main, path: append(slices.Clone(path), pair[1])})
		}
	}
	return places
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// Get is the address at a place; absent, null and "" are all blank. What is no
// text is given as JSON.
func (p Place) Get(d Document) string {
	value, _ := p.find(d)
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	default:
		return asJSON(value)
	}
}

// Original is what stands at a place, as JSON, for restoring it; not there is
// not found.
func (p Place) Original(d Document) (original string, found bool) {
	value, there := p.find(d)
	if !there {
		return "", false
	}
	return asJSON(value), true
}

func asJSON(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		return "null"
	}
	return string(encoded)
}

func (p Place) find(d Document) (any, bool) {
	var value any = d
	for _, key := range p.path {
		in, is := value.(Document)
		if value = in[key]; !is {
			return nil, false
		}
		if _, there := in[key]; !there {
			return nil, false
		}
	}
	return value, true
}

// Set writes an address; what lacks on the way is made.
func (p Place) Set(d Document, address string) { p.put(d, address) }

// Restore writes an original as JSON back.
func (p Place) Restore(d Document, original string) error {
	decoder := json.NewDecoder(strings.NewReader(original))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return err
	}
	p.put(d, value)
	return nil
}

func (p Place) put(d Document, value any) {
	for _, key := range p.path[:len(p.path)-1] {
		next, is := d[key].(Document)
		if !is {
			next = Document{}
			d[key] = next
		}
		d = next
	}
	d[p.path[len(p.path)-1]] = value
}

// Clear takes an address out as if it had never been there: a second call
// manager of which nothing is left goes as a whole.
func (p Place) Clear(d Document) {
	in := d
	var above Document
	for _, key := range p.path[:len(p.path)-1] {
		next, is := in[key].(Document)
		if !is {
			return
		}
		above, in = in, next
	}
	delete(in, p.path[len(p.path)-1])
	if len(in) == 0 && len(p.path) > 2 && p.path[len(p.path)-3] == callManagers {
		delete(above, p.path[len(p.path)-2])
	}
}

// Lines are the names by which Asterisk knows a phone's lines.
func Lines(d Document) []string {
	raw, _ := d[rawConfig].(Document)
	lines, _ := raw[sipLines].(Document)
	var names []string
	for _, number := range slices.Sorted(maps.Keys(lines)) {
		line, _ := lines[number].(Document)
		if name := cmp.Or(text(line["username"]), text(line["auth_username"])); name != "" {
			names = append(names, name)
		}
	}
	return names
}
