package gateway_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/gateway"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestDeadlinesAndLimitsOfTheRelease(t *testing.T) {
	g := gateway.New(gateway.Config{})
	if g.ConnectTimeout != 10*time.Second || g.HeaderTimeout != 30*time.Second || g.Silence != time.Minute || g.LookTimeout != 5*time.Second || g.MaxBody != 1<<20 {
		t.Errorf("defaults are %v %v %v %v %d", g.ConnectTimeout, g.HeaderTimeout, g.Silence, g.LookTimeout, g.MaxBody)
	}
}

// closedPort is an address where nobody listens.
func closedPort(t testing.TB, network, host string) string {
	t.Helper()
	l, err := net.Listen(network, net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // only read, or gone
	return l.Addr().String()
}

// impatient shortens the deadlines.
func impatient(f *fixture) {
	f.ConnectTimeout, f.HeaderTimeout, f.Silence = 300*time.Millisecond, 300*time.Millisecond, 900*time.Millisecond
}

func TestKite_that_cannot_be_reached(t *testing.T) {
	t.Parallel()
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close() //nolint:errcheck // only read, or gone
	silent := rawKite(t, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
	for name, c := range map[string]struct {
		root   string
		status int
		says   string
		never  bool // comes an answer, so that a deadline is waited for
	}{
		"refused":             {"http://" + closedPort(t, "tcp", "127.0.0.1"), 502, "Kite can't be reached.", false},
		"refused by IPv6":     {"http://" + closedPort(t, "tcp6", "::1"), 502, "Kite can't be reached.", false},
		"nobody has its name": {"https://kite.invalid", 502, "Kite's address wasn't found.", false},
		"TLS never answered":  {"https://" + mute.Addr().String(), 504, "Kite didn't answer in time.", true},
		"silent":              {silent, 504, "Kite didn't answer in time.", true},
		"plain HTTP, not TLS": {strings.Replace(serveKite(t, answer(200, "<html>")).URL, "http:", "https:", 1), 502, "needs a sign-in", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, c.root)
			if c.never {
				impatient(f)
			}
			began := time.Now()
			got := f.get(t, "/user/margins?secret=query")
			got.want(t, c.status, "NetworkException", kite.EOFFLINE)
			if !strings.Contains(got.body, c.says) || (c.never && time.Since(began) > 9*time.Second) { // as the release would
				t.Errorf("said %s after %v", got.body, time.Since(began))
			}
			if s := f.latest(t); s.Status != kite.Active {
				t.Errorf("the session is %s", s.Status)
			}
			if f.log.String() == "" || strings.Contains(f.log.String(), "secret") {
				t.Errorf("log: %s", f.log)
			}
		})
	}
}

// Without a resolver each name is unknown; ours dials a port where nobody is.
func TestKite_while_nobody_answers_for_names(t *testing.T) {
	before := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = before })
	closed := closedPort(t, "tcp", "127.0.0.1")
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", closed)
	}}
	got := start(t, "https://api.kite.test.").get(t, "/user/margins")
	got.want(t, 502, "NetworkException", kite.EOFFLINE)
	if !strings.Contains(got.body, "address wasn't found") {
		t.Errorf("said %s", got.body)
	}
}

func TestKite_over_IPv6_alone(t *testing.T) {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: answer(200, marginsBody)}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	if got := start(t, "http://"+l.Addr().String()).get(t, "/user/margins"); got.StatusCode != http.StatusOK {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}

func TestAnswer_that_is_none_of_Kites(t *testing.T) {
	t.Parallel()
	portal := "<html><title>Welcome to our Wi-Fi</title></html>"
	for name, c := range map[string]struct {
		h    http.HandlerFunc
		says string
	}{
		"a page":                       {answer(200, portal, "Content-Type", "text/html; charset=utf-8"), "asks you to sign in"},
		"a page with status 403":       {answer(403, portal, "Content-Type", "TEXT/HTML"), "asks you to sign in"},
		"a page of XHTML":              {answer(200, portal, "Content-Type", "application/xhtml+xml"), "asks you to sign in"},
		"511, RFC 6585":                {answer(511, `{}`), "asks you to sign in"},
		"a way elsewhere":              {answer(302, portal, "Location", "https://portal.example/"), "wasn't followed"},
		"a way to the same host":       {answer(307, "", "Location", "/user/profile"), "wasn't followed"},
		"a way elsewhere for an order": {answer(308, "", "Location", "//evil.example"), "wasn't followed"},
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, serveKite(t, func(w http.ResponseWriter, r *http.Request) {
				c.h(only{w}, r)
			}).URL)
			got := f.get(t, "/user/margins")
			got.want(t, 502, "NetworkException", kite.EOFFLINE)
			if !strings.Contains(got.body, c.says) || strings.Contains(got.body, "Wi-Fi") {
				t.Errorf("said %s", got.body)
			}
			if s := f.latest(t); s.Status != kite.Active {
				t.Errorf("the session is %s", s.Status)
			}
		})
	}
	t.Run("but Kite's own proxy may fail in HTML", func(t *testing.T) {
		f := start(t, serveKite(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, "<h1>502")
		}).URL)
		if got := f.get(t, "/"); got.StatusCode != http.StatusBadGateway || got.body != "<h1>502" {
			t.Errorf("%d %s", got.StatusCode, got.body)
		}
	})
}

// only lets the last Content-Type count.
type only struct{ http.ResponseWriter }

func (w only) WriteHeader(status int) {
	if types := w.Header()["Content-Type"]; len(types) > 0 {
		w.Header()["Content-Type"] = types[len(types)-1:]
	}
	w.ResponseWriter.WriteHeader(status)
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
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, DNSNames: []string{host},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func serveTLS(t *testing.T, certificate tls.Certificate, h http.HandlerFunc) *upstream {
	t.Helper()
	u := &upstream{}
	u.Server = httptest.NewUnstartedServer(u.record(h))
	u.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	u.EnableHTTP2 = true
	u.Config.ErrorLog = log.New(io.Discard, "", 0)
	u.StartTLS()
	t.Cleanup(u.Close)
	return u
}

func TestForeign_certificates_get_no_token(t *testing.T) {
	t.Parallel()
	now, year := time.Now(), 365*24*time.Hour
	for name, c := range map[string]struct {
		certificate tls.Certificate
		says        string
	}{
		"unknown authority": {selfSigned(t, "127.0.0.1", now.Add(-year), now.Add(year)), "inspects traffic"},
		"another host":      {selfSigned(t, "login.wifi.example", now.Add(-year), now.Add(year)), "inspects traffic"},
		"long over":         {selfSigned(t, "127.0.0.1", now.Add(-9*year), now.Add(-8*year)), "this computer's time"},
		"not yet valid":     {selfSigned(t, "127.0.0.1", now.Add(8*year), now.Add(9*year)), "this computer's time"},
	} {
		t.Run(name, func(t *testing.T) {
			u := serveTLS(t, c.certificate, answer(200, marginsBody))
			got := start(t, u.URL).get(t, "/user/margins")
			got.want(t, 502, "NetworkException", kite.EOFFLINE)
			if !strings.Contains(got.body, c.says) || u.count() != 0 {
				t.Errorf("said %s; sent %d requests", got.body, u.count())
			}
		})
	}
}

// gatewayTo makes this binary run one request through a gateway and print the
// outcome: what the operating system trusts is read once per process.
const gatewayTo = "GATEWAY_TEST_TO"

func TestTrusting(t *testing.T) {
	root := os.Getenv(gatewayTo)
	if root == "" {
		return // the test below runs it
	}
	got := start(t, root).get(t, "/user/margins")
	fmt.Printf("outcome|%d|%s|%s\n", got.StatusCode, got.Header.Get("X-Proto"), got.Header.Get(gateway.ErrorHeader))
}

// Whom the operating system trusts, we trust, and nobody else. Kite is spoken
// to in HTTP/2.
func TestTrust_is_the_operating_systems(t *testing.T) {
	certificate := selfSigned(t, "127.0.0.1", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	u := serveTLS(t, certificate, func(w http.ResponseWriter, r *http.Request) {
		answer(200, marginsBody, "X-Proto", r.Proto)(w, r)
	})
	roots := filepath.Join(t.TempDir(), "roots.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
	if err := os.WriteFile(roots, block, 0o600); err != nil {
		t.Fatal(err)
	}
	flag.Parse()
	for file, want := range map[string]string{"/nonexistent": "outcome|502||EOFFLINE", roots: "outcome|200|HTTP/2.0|"} {
		command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTrusting$", "-test.v")
		command.Env = append(os.Environ(), gatewayTo+"="+u.URL, "SSL_CERT_FILE="+file, "SSL_CERT_DIR=/nonexistent")
		if out, err := command.CombinedOutput(); err != nil || !strings.Contains(string(out), want+"\n") {
			t.Errorf("with roots %s: %s (%v); want %s", filepath.Base(file), out, err, want)
		}
	}
}

func TestOrder_whose_answer_is_lost_is_unknown_and_sent_once(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		f      func(net.Conn)
		status int
		code   string
		note   string
	}{
		"reset":       {func(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }, 502, kite.EUNKNOWN, "unknown"},
		"closed":      {func(net.Conn) {}, 502, kite.EUNKNOWN, "unknown"},
		"garbage":     {func(conn net.Conn) { _, _ = io.WriteString(conn, "SSH-2.0-OpenSSH accesss1\r\n\r\n") }, 502, kite.EUNKNOWN, "unknown"},
		"silence":     {func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }, 504, kite.EUNKNOWN, "unknown"},
		"half answer": {func(conn net.Conn) { _, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-L") }, 502, kite.EUNKNOWN, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			sent := make(chan struct{}, 10)
			f := start(t, rawKite(t, func(conn net.Conn) { sent <- struct{}{}; c.f(conn) }))
			f.client.MayTrade = true
			if name == "silence" {
				impatient(f)
			}
			got := f.send(t, "POST", "/orders/regular", strings.NewReader("a=b"))
			got.want(t, c.status, "NetworkException", c.code)
			if !strings.Contains(got.body, "unknown whether Kite did") || len(sent) != 1 || strings.Contains(got.body+f.log.String(), "accesss1") {
				t.Errorf("said %s, sent %d times; log %s", got.body, len(sent), f.log)
			}
			if notes := f.notes.list(); len(notes) != 1 || !strings.HasSuffix(notes[0], "POST /orders/regular: "+c.note) {
				t.Errorf("history was told %q", notes)
			}
		})
	}
	t.Run("but not one that never left", func(t *testing.T) {
		f := start(t, "http://"+closedPort(t, "tcp", "127.0.0.1"))
		f.client.MayTrade = true
		f.send(t, "POST", "/orders/regular", strings.NewReader("a=b")).want(t, 502, "NetworkException", kite.EOFFLINE)
		if notes := f.notes.list(); len(notes) != 1 || !strings.HasSuffix(notes[0], "POST /orders/regular: not sent") {
			t.Errorf("history was told %q", notes)
		}
	})
	t.Run("nor one that only calculates", func(t *testing.T) {
		f := start(t, rawKite(t, func(net.Conn) {}))
		f.send(t, "POST", "/margins/orders", strings.NewReader("[]")).want(t, 502, "NetworkException", kite.EOFFLINE)
	})
}

func TestHeaders_without_end_are_cut_off(t *testing.T) {
	block := strings.Repeat("x", 16<<10)
	for name, begin := range map[string]string{"one": "X-Endless: ", "many": ""} {
		t.Run(name, func(t *testing.T) {
			f := start(t, rawKite(t, func(conn net.Conn) {
				_, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+begin)
				for err == nil && begin != "" {
					_, err = io.WriteString(conn, block)
				}
				for i := 0; err == nil; i++ {
					_, err = fmt.Fprintf(conn, "X-H%d: y\r\n", i)
				}
			}))
			f.get(t, "/").want(t, 502, "GeneralException", kite.EOFFLINE)
		})
	}
}

func TestLog_has_one_line_without_secrets(t *testing.T) {
	f := start(t, serveKite(t, answer(200, marginsBody)).URL)
	f.client.MayTrade = true
	f.send(t, "POST", "/orders/regular?query="+bearer, strings.NewReader("body="+bearer), "X-Header", bearer)
	log := f.log.String()
	if strings.Count(log, "\n") != 1 || strings.Contains(log, bearer) || strings.Contains(log, "accesss1") || strings.Contains(log, f.account.APIKey) ||
		!strings.Contains(log, `"method":"POST","path":"/orders/regular","status":200`) || !strings.Contains(log, `"level":"INFO"`) {
		t.Errorf("log: %s", log)
	}
}
