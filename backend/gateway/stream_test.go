package gateway_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// open makes a request whose answer is read piece by piece.
func (f *fixture) open(t testing.TB, path string) (*http.Response, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL+path, nil)
	f.do(t, err)
	resp, err := (&http.Client{Transport: localProgram.Transport}).Do(r)
	f.do(t, err)
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp, cancel
}

func TestAnswer_comes_piece_by_piece(t *testing.T) {
	for name, length := range map[string]string{"length unknown": "", "length known": "Content-Length: 8\r\n"} {
		t.Run(name, func(t *testing.T) {
			next := make(chan struct{})
			f := start(t, rawKite(t, func(conn net.Conn) {
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+length+"\r\none\n")
				<-next
				_, _ = io.WriteString(conn, "two\n")
			}))
			resp, _ := f.open(t, "/")
			lines := bufio.NewReader(resp.Body)
			if line, err := lines.ReadString('\n'); err != nil || line != "one\n" {
				t.Fatalf("%q, %v", line, err)
			}
			close(next) // only now does Kite go on
			if line, err := lines.ReadString('\n'); err != nil || line != "two\n" {
				t.Errorf("%q, %v", line, err)
			}
			if rest, err := io.ReadAll(lines); err != nil || len(rest) != 0 {
				t.Errorf("%q, %v", rest, err)
			}
		})
	}
}

func TestStream_lasts_as_long_as_something_moves(t *testing.T) {
	t.Parallel()
	f := start(t, rawKite(t, func(conn net.Conn) { drip(conn, "200 OK", strings.Repeat("x", 40), 100*time.Millisecond) }))
	f.Silence = 3 * time.Second
	if got := f.get(t, "/"); got.err != nil || len(got.body) != 40 {
		t.Errorf("%d bytes, %v", len(got.body), got.err)
	}
}

func TestAnswer_that_stops_moving_is_broken_off(t *testing.T) {
	gone := make(chan struct{})
	f := start(t, rawKite(t, func(conn net.Conn) {
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\none\n")
		_, _ = io.Copy(io.Discard, conn)
		close(gone)
	}))
	f.Silence = 3 * time.Second
	if got := f.get(t, "/"); !errors.Is(got.err, io.ErrUnexpectedEOF) || got.body != "one\n" {
		t.Errorf("%q, %v", got.body, got.err)
	}
	<-gone
	if log := f.log.String(); !strings.Contains(log, `"level":"INFO"`) || !strings.Contains(log, `"error"`) {
		t.Errorf("log: %s", log)
	}
}

func TestAnswer_that_breaks_off_is_not_made_whole(t *testing.T) {
	for name, f := range map[string]func(net.Conn){
		"reset": func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
			_ = conn.(*net.TCPConn).SetLinger(0)
		},
		"chunks without end": func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := start(t, rawKite(t, f)).get(t, "/"); got.err == nil {
				t.Errorf("whole: %q", got.body)
			}
		})
	}
}

// goroutines waits until there are at most that many.
func goroutines(t *testing.T, most int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > most; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), most, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

func TestProgram_that_goes_away_ends_the_request_to_Kite(t *testing.T) {
	gone := make(chan struct{}, 100)
	u := serveKite(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "one\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		gone <- struct{}{}
	})
	f := start(t, u.URL)
	before := runtime.NumGoroutine()
	for range 20 {
		resp, cancel := f.open(t, "/orders")
		if _, err := resp.Body.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		cancel()
		_ = resp.Body.Close()
		<-gone
	}
	localProgram.CloseIdleConnections()
	f.Close()
	goroutines(t, before)
}

func TestProgram_that_goes_away_before_an_answer(t *testing.T) {
	asked, gone := make(chan struct{}), make(chan struct{})
	u := serveKite(t, func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
		close(gone)
	})
	f := start(t, u.URL)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL+"/orders", nil)
	f.do(t, err)
	if _, err := localProgram.Do(r); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	<-gone
}

// A program that stops reading holds up nobody but itself, and not for ever.
func TestProgram_that_stops_reading_is_given_up(t *testing.T) {
	gone := make(chan struct{})
	u := serveKite(t, func(w http.ResponseWriter, _ *http.Request) {
		block := make([]byte, 64<<10)
		for {
			if _, err := w.Write(block); err != nil {
				close(gone)
				return
			}
		}
	})
	f := start(t, u.URL)
	f.Silence = 300 * time.Millisecond
	f.open(t, "/instruments")
	select {
	case <-gone:
	case <-time.After(time.Minute):
		t.Error("Kite goes on sending")
	}
}

func TestSlow_upload_is_given_up(t *testing.T) {
	t.Parallel()
	f := start(t, serveKite(t, answer(200, marginsBody)).URL)
	impatient(f)
	conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(f.URL, "http://"), "/kite/one"))
	f.do(t, err)
	defer conn.Close() //nolint:errcheck // only read, or gone
	_, err = io.WriteString(conn, "POST /kite/one/margins/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n[")
	f.do(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	f.do(t, err)
	defer resp.Body.Close() //nolint:errcheck // only read, or gone
	body, _ := io.ReadAll(resp.Body)
	reply{Response: resp, body: string(body)}.want(t, 408, "InputException", kite.ETIMEOUT)
}

// TestMemory_of_a_long_answer streams 200 MB in both ways of framing.
func TestMemory_of_a_long_answer(t *testing.T) {
	const size = 200 << 20
	block := make([]byte, 64<<10)
	u := serveKite(t, func(w http.ResponseWriter, _ *http.Request) {
		for sent := 0; sent < size; sent += len(block) {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	f := start(t, u.URL)
	resp, _ := f.open(t, "/instruments")
	var most, before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	total, buffer := 0, make([]byte, 64<<10)
	for next := 0; ; {
		n, err := resp.Body.Read(buffer)
		if total += n; total >= next {
			runtime.ReadMemStats(&most)
			if grown := int64(most.HeapInuse) - int64(before.HeapInuse); grown > 16<<20 {
				t.Fatalf("%d MiB more in use after %d MiB", grown>>20, total>>20)
			}
			next += 10 << 20
		}
		if errors.Is(err, io.EOF) {
			break
		}
		f.do(t, err)
	}
	runtime.ReadMemStats(&most)
	if allocated := most.TotalAlloc - before.TotalAlloc; total != size || allocated > 64<<20 {
		t.Errorf("%d MiB came; %d MiB were allocated on the way", total>>20, allocated>>20)
	}
}

// Not every server lets a handler set deadlines.
func TestSilence_ends_a_request_whatever_the_server_can_do(t *testing.T) {
	f := start(t, rawKite(t, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }))
	f.Silence, f.HeaderTimeout = 200*time.Millisecond, 15*time.Second
	began := time.Now()
	f.rawPath(t, "/user/margins").want(t, 504, "NetworkException", kite.EOFFLINE)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}
