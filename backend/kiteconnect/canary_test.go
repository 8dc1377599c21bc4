package kiteconnect_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

func planted() []string {
	sum := sha256.Sum256([]byte(apiKey + requestToken + apiSecret))
	return []string{apiSecret, requestToken, accessToken, hex.EncodeToString(sum[:])}
}

// echo repeats all it was sent, as a badly made gateway might.
func echo(status int, asJSON bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		all := fmt.Sprint(r.URL.String(), r.Form, r.Header)
		w.Header().Set("Retry-After", r.Header.Get("Authorization"))
		w.WriteHeader(status)
		if !asJSON {
			_, _ = io.WriteString(w, "<html>"+all) //nolint:gosec // repeats what it was sent on purpose
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"status": "error", "message": all, "error_type": all})
	}
}

// An error may be logged and shown, so nothing that can go wrong may put a
// secret into it.
func TestNoErrorHoldsASecret(t *testing.T) {
	roots := map[string]string{
		"refused": "http://127.0.0.1:1", "bad root": "http://[::1", "bad port": "https://127.0.0.1:99999999", "no host": "https://kite.invalid",
		"not HTTP": "http://" + rawServer(t, func(conn net.Conn) {
			request := make([]byte, 64<<10)
			n, _ := conn.Read(request)
			_, _ = conn.Write(append([]byte(accessToken+requestToken), request[:n]...))
		}),
		"bad header": "http://" + rawServer(t, func(conn net.Conn) {
			readRequest(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+accessToken+requestToken+"\r\n\r\n")
		}),
		"bad length": "http://" + rawServer(t, func(conn net.Conn) {
			readRequest(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: "+accessToken+requestToken+"\r\n\r\n")
		}),
		"redirect": serve(t, func(w http.ResponseWriter, r *http.Request) {
			//nolint:gosec // an open redirect on purpose
			http.Redirect(w, r, "https://evil.example/?"+r.URL.RawQuery+r.PostForm.Encode(), http.StatusFound)
		}).URL,
		"redirect to nowhere": serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://%zz"+accessToken+requestToken)
			w.WriteHeader(http.StatusFound)
		}).URL,
	}
	for _, status := range []int{200, 400, 403, 429, 500, 502} {
		roots[fmt.Sprint("echo JSON ", status)] = serve(t, echo(status, true)).URL
		roots[fmt.Sprint("echo page ", status)] = serve(t, echo(status, false)).URL
	}
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	for name, root := range roots {
		for _, call := range calls {
			t.Run(name+" "+call.name, func(t *testing.T) {
				err := call.do(t, impatient(), appAt(root))
				if err == nil {
					t.Fatal("no error")
				}
				kitetest.NoSecretInError(t, err, planted()...)
				kitetest.NoSecretInError(t, fmt.Errorf("wrapped: %w", err), planted()...)
				logger.Error("call failed", "error", err)
			})
		}
	}
	kitetest.NoSecretIn(t, "the log", log.String(), planted()...)
}

// The official client prints failed URLs to standard output.
func TestNothingIsPrinted(t *testing.T) {
	stdout, stderr := os.Stdout, os.Stderr
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout, os.Stderr = w, w
	for _, call := range calls {
		_ = call.do(t, impatient(), appAt("http://127.0.0.1:1"))
		_ = call.do(t, impatient(), appAt(serve(t, echo(500, true)).URL))
	}
	os.Stdout, os.Stderr = stdout, stderr
	_ = w.Close()
	if printed, _ := io.ReadAll(r); len(printed) > 0 {
		t.Errorf("%d bytes were printed", len(printed))
	}
}
