// Package phones knows where a phone's backup server stands in the documents of
// the provisioning daemon (wazo-provd): in every registrar, in the document
// that fresh phones are made from, and in every phone's own, since phones do
// not inherit from registrars.
//
// It looks at documents and edits them; it does not know where they come from,
// nor what address a phone should have.
package phones

// Document is one document of the provisioning daemon. Numbers are
// json.Number, so that those which are not touched stay as they are written.
type Document = map[string]any

// ID is a document's name; empty when it has none.
func ID(d Document) string {
	id, _ := d["id"].(string)
	return id
}

// The keys of a document.
const (
	rawConfig    = "raw_config"
	sipLines     = "sip_lines"
	callManagers = "sccp_call_managers"
)

// Autoprov is the document that a fresh phone's own is copied from. While it
// holds a backup address, every fresh phone gets it.
const Autoprov = "autoprov"

// IsRegistrar tells whether a document describes a registrar.
func IsRegistrar(d Document) bool { return d["X_type"] == "registrar" }
