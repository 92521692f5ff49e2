package dashboard

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var static embed.FS

// asset is a file of the page's own. Its address names its content, so that a
// browser may keep it for ever.
type asset struct{ text []byte }

func (a asset) sum() string {
	sum := sha256.Sum256(a.text)
	return hex.EncodeToString(sum[:8])
}

// assets are the files of the page, by their address.
type assets map[string]asset

// keptFor is how long a browser may keep what its address names: a year (RFC 9111
// §5.2.2.1, RFC 8246).
const keptFor = "public, max-age=31536000, immutable"

func newAssets() (assets, error) {
	files, err := static.ReadDir("static")
	all := assets{}
	for _, f := range files {
		text, wrong := static.ReadFile(path.Join("static", f.Name()))
		if wrong != nil {
			return nil, wrong
		}
		a := asset{text}
		kind := path.Ext(f.Name())
		all[strings.TrimSuffix(f.Name(), kind)+"."+a.sum()+kind] = a
	}
	return all, err
}

// Address is where a file is, seen from the page.
func (as assets) Address(name string) string {
	kind := path.Ext(name)
	for address := range as {
		if strings.HasPrefix(address, strings.TrimSuffix(name, kind)+".") && path.Ext(address) == kind {
			return address
		}
	}
	return name
}

// Build names all of them together: a page of another build is to be loaded anew.
func (as assets) Build() string {
	return as.Address("style.css") + as.Address("live.js")
}

// serve answers with a file; false: there is none of that name.
func (as assets) serve(w http.ResponseWriter, r *http.Request, name string) bool {
	a, there := as[name]
	if !there {
		return false
	}
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	tag := `"` + a.sum() + `"`
	head := w.Header()
	head.Set("Content-Type", kinds[path.Ext(name)])
	head.Set("Cache-Control", keptFor)
	head.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	_, _ = w.Write(a.text) // who asked may be gone
	return true
}
