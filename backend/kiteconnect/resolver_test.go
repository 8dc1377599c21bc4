package kiteconnect_test

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// resolveAt lets this process ask for names at that address, over UDP or TCP,
// until the test ends.
func resolveAt(t *testing.T, address string) {
	t.Helper()
	before := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
	t.Cleanup(func() { net.DefaultResolver = before })
}

// nameServer answers every question by answer until the test ends; one without
// an answer stays silent.
func nameServer(t *testing.T, answer func(dnsmessage.Question) []dnsmessage.Resource) (address string) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		packet := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFrom(packet)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(packet[:n]) != nil || len(m.Questions) == 0 || answer == nil {
				continue
			}
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			m.Answers = answer(m.Questions[0])
			if reply, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	return conn.LocalAddr().String()
}

func TestOffline_ends_soon_and_says_what_to_do(t *testing.T) {
	for name, server := range map[string]func(*testing.T) string{
		"nobody answers for names": func(*testing.T) string { return "127.0.0.1:1" },
		"the answer never comes":   func(t *testing.T) string { return nameServer(t, nil) },
		"no such name": func(t *testing.T) string {
			return nameServer(t, func(dnsmessage.Question) []dnsmessage.Resource { return nil })
		},
	} {
		t.Run(name, func(t *testing.T) {
			resolveAt(t, server(t))
			for _, call := range calls {
				c := newClient()
				c.ConnectTimeout = 300 * time.Millisecond
				began := time.Now() // Go itself asks a name server for five seconds, and then again
				e := failure(t, call.do(t, c, appAt("https://api.kite.test.")), kite.EOFFLINE)
				if !strings.Contains(e.Hint, "internet connection") || time.Since(began) > 4900*time.Millisecond {
					t.Errorf("%s said %q, %q after %v", call.name, e.Message, e.Hint, time.Since(began))
				}
			}
		})
	}
}

// Where there is nothing but IPv6, Kite's name has an AAAA record alone.
func TestIPv6_alone_reaches_Kite(t *testing.T) {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: reply(http.StatusOK, profileBody), ErrorLog: log.New(io.Discard, "", 0)}}
	server.Start()
	t.Cleanup(server.Close)
	if err := profile(t, newClient(), appAt("http://"+l.Addr().String())); err != nil {
		t.Errorf("by address: %v", err)
	}
	resolveAt(t, nameServer(t, func(q dnsmessage.Question) []dnsmessage.Resource {
		if q.Type != dnsmessage.TypeAAAA {
			return nil
		}
		return []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1},
			Body:   &dnsmessage.AAAAResource{AAAA: [16]byte(net.IPv6loopback)},
		}}
	}))
	// It speaks no TLS, which shows that it was reached.
	_, port, _ := net.SplitHostPort(l.Addr().String())
	e := failure(t, profile(t, newClient(), appAt("https://api.kite.test.:"+port)), kite.EOFFLINE)
	if !strings.Contains(e.Message, "needs a sign-in") {
		t.Errorf("by name: %v", e)
	}
}

// A sign-in portal answers for every name with its own address, and there with
// a certificate of its own, which isn't for Kite's name.
func TestPortal_that_takes_all_names_gets_no_token(t *testing.T) {
	portal := serveTLS(t, selfSigned(t, "login.wifi.example", time.Now().Add(-time.Hour), time.Now().Add(time.Hour)))
	resolveAt(t, nameServer(t, func(q dnsmessage.Question) []dnsmessage.Resource {
		if q.Type != dnsmessage.TypeA {
			return nil
		}
		return []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1},
			Body:   &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
		}}
	}))
	_, port, _ := net.SplitHostPort(portal.Listener.Addr().String())
	for _, call := range calls {
		e := failure(t, call.do(t, newClient(), appAt("https://api.kite.test.:"+port)), kite.EOFFLINE)
		if !strings.Contains(e.Message, "needs a sign-in") {
			t.Errorf("%s said %q", call.name, e.Message)
		}
	}
	if portal.count() != 0 {
		t.Error("the portal got a request")
	}
}
