package boxtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Authority signs certificates of servers, for the length of a test.
type Authority struct {
	File string // its own certificate, in PEM

	t    testing.TB
	dir  string
	cert *x509.Certificate
	key  crypto.Signer
}

// NewAuthority makes one, and its files.
func NewAuthority(t testing.TB) *Authority {
	t.Helper()
	a := &Authority{t: t, dir: t.TempDir(), key: newKey(t)}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "an authority of a test"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	a.cert, a.File = a.sign(template, template, a.key, "ca")
	return a
}

// Issue makes a certificate of a server, by a name or an address, and gives the
// files of it and its key.
func (a *Authority) Issue(name string, until time.Time) (certificate, key string) {
	a.t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: until.Add(-48 * time.Hour), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	signer := newKey(a.t)
	_, certificate = a.sign(template, a.cert, signer, "server-"+template.SerialNumber.String())
	text, err := x509.MarshalPKCS8PrivateKey(signer)
	a.must(err)
	return certificate, a.put(filepath.Base(certificate)+".key", "PRIVATE KEY", text)
}

func (a *Authority) sign(template, parent *x509.Certificate, key crypto.Signer, name string) (*x509.Certificate, string) {
	a.t.Helper()
	text, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), a.key)
	a.must(err)
	cert, err := x509.ParseCertificate(text)
	a.must(err)
	return cert, a.put(name+".pem", "CERTIFICATE", text)
}

func (a *Authority) put(name, kind string, text []byte) string {
	a.t.Helper()
	file := filepath.Join(a.dir, name)
	a.must(os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: text}), 0o600))
	return file
}

func (a *Authority) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

func newKey(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
