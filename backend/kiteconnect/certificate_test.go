package kiteconnect_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// profileAt makes this binary fetch a profile and print the outcome: what the
// operating system trusts is read once per process.
const profileAt = "KITECONNECT_TEST_PROFILE_AT"

func TestMain(m *testing.M) {
	if root := os.Getenv(profileAt); root != "" {
		c := newClient()
		p, err := c.Profile(context.Background(), appAt(root), kite.NewSecret(accessToken))
		fmt.Printf("%s|%s\n", p.UserID, kite.ErrorCode(err))
		return
	}
	os.Exit(m.Run())
}

// selfSigned makes a certificate for a host and a time.
func selfSigned(t *testing.T, host string, from, until time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, NotBefore: from, NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func serveTLS(t *testing.T, certificate tls.Certificate) *kiteServer {
	t.Helper()
	s := &kiteServer{}
	s.Server = httptest.NewUnstartedServer(s.record(reply(200, profileBody)))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func TestForeignCertificatesAreRefused(t *testing.T) {
	now, year := time.Now(), 365*24*time.Hour
	for name, c := range map[string]struct {
		certificate tls.Certificate
		says        string
	}{
		"unknown authority": {selfSigned(t, "127.0.0.1", now.Add(-year), now.Add(year)), "sign-in or inspects traffic"},
		"another host":      {selfSigned(t, "login.wifi.example", now.Add(-year), now.Add(year)), "sign-in or inspects traffic"},
		"long over":         {selfSigned(t, "127.0.0.1", now.Add(-9*year), now.Add(-8*year)), "this computer's time"},
		"not yet valid":     {selfSigned(t, "127.0.0.1", now.Add(8*year), now.Add(9*year)), "this computer's time"},
	} {
		t.Run(name, func(t *testing.T) {
			server := serveTLS(t, c.certificate)
			for _, call := range calls {
				e := failure(t, call.do(t, newClient(), appAt(server.URL)), kite.EOFFLINE)
				if !strings.Contains(e.Message, c.says) {
					t.Errorf("%s said %q; want %q", call.name, e.Message, c.says)
				}
				if clock := strings.Contains(e.Hint, "computer's clock"); clock != strings.Contains(c.says, "time") {
					t.Errorf("%s hinted %q", call.name, e.Hint)
				}
			}
			if server.count() != 0 {
				t.Error("a request was sent")
			}
		})
	}
}

func TestPlainHTTPInPlaceOfTLSIsTheNetwork(t *testing.T) {
	server := serve(t, reply(200, "<html>sign in</html>"))
	for _, call := range calls {
		e := failure(t, call.do(t, newClient(), appAt(strings.Replace(server.URL, "http:", "https:", 1))), kite.EOFFLINE)
		if !strings.Contains(e.Message, "sign-in") {
			t.Errorf("%s said %q", call.name, e.Message)
		}
	}
}

// Whom the operating system trusts, we trust, and nobody else.
func TestTrustIsTheOperatingSystems(t *testing.T) {
	certificate := selfSigned(t, "127.0.0.1", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	server := serveTLS(t, certificate)
	roots := filepath.Join(t.TempDir(), "roots.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
	if err := os.WriteFile(roots, block, 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{"/nonexistent": "|" + kite.EOFFLINE}
	if runtime.GOOS == "linux" {
		cases[roots] = "AB1234|"
	}
	for file, want := range cases {
		command := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this test's own binary
		command.Env = append(os.Environ(), profileAt+"="+server.URL, "SSL_CERT_FILE="+file)
		out, err := command.CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("with roots %s: %s (%v); want %s", filepath.Base(file), out, err, want)
		}
	}
}
