package deliver

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"

	"github.com/hotpair/hotpair/resources/host"
)

// trusting verifies certificates by those of a file of the node's, or by the
// system's.
func trusting(h *host.Host, file string) (*tls.Config, error) {
	t := &tls.Config{MinVersion: tls.VersionTLS12}
	if file == "" {
		return t, nil
	}
	text, err := h.ReadGuarded(file)
	if err != nil {
		return nil, err
	}
	t.RootCAs = x509.NewCertPool()
	if !t.RootCAs.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate in PEM", file)
	}
	return t, nil
}
