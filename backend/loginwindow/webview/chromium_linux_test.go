package webview

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
)

// WebView2 is Chromium: here that is started with WebView2's arguments, and its
// requests are judged as WebView2's are.

// argumentsIn splits a command line as Windows does. There is no backslash.
// https://learn.microsoft.com/en-us/windows/win32/api/shellapi/nf-shellapi-commandlinetoargvw
func argumentsIn(line string) (all []string) {
	quoted := false
	for _, word := range strings.FieldsFunc(line, func(r rune) bool {
		quoted = quoted != (r == '"')
		return r == ' ' && !quoted
	}) {
		all = append(all, strings.ReplaceAll(word, `"`, ""))
	}
	return all
}

// enticing is a page that tries everything to reach another host, and asks for
// /done when there is nothing to wait for any more.
const enticing = `<!doctype html><script>
const there = '%s', datagrams = '%s', secret = '/?password=canary'
const settled = (made) => Promise.race([made.catch(() => {}), new Promise(r => setTimeout(r, 3000))])
const socket = () => new Promise(r => { const s = new WebSocket('ws://' + there + secret); s.onopen = s.onerror = s.onclose = r })
const worker = () => new Promise(r => { const w = new Worker(URL.createObjectURL(new Blob([
  'const s = new WebSocket("ws://' + there + secret + '"); s.onopen = s.onerror = s.onclose = () => postMessage(1)']))); w.onmessage = w.onerror = r })
const preconnect = () => new Promise(r => { const l = document.createElement('link'); l.rel = 'preconnect'; l.href = 'http://' + there; document.head.append(l); setTimeout(r, 300) })
const prefetch = () => new Promise(r => { const l = document.createElement('link'); l.rel = 'dns-prefetch'; l.href = 'http://' + there; document.head.append(l); setTimeout(r, 300) })
const image = () => new Promise(r => { const i = new Image(); i.onload = i.onerror = r; i.src = 'http://' + there + secret })
const transport = async () => { const t = new WebTransport('https://' + datagrams + secret); t.closed.catch(() => {}); await t.ready }
const peers = (servers) => new Promise(async r => {
  const c = new RTCPeerConnection({ iceServers: servers, iceTransportPolicy: 'all' })
  c.onicegatheringstatechange = () => c.iceGatheringState === 'complete' && r()
  c.createDataChannel('d'); await c.setLocalDescription()
})
const tries = {
  socket, worker, preconnect, prefetch, image, transport,
  fetch: () => fetch('http://' + there + secret, { mode: 'no-cors' }),
  beacon: () => new Promise(r => { new PerformanceObserver(r).observe({ type: 'resource' }); navigator.sendBeacon('http://' + there + secret, 'canary') }),
  stun: () => peers([{ urls: 'stun:' + datagrams }]),
  turn: () => peers([{ urls: 'turn:' + there + '?transport=tcp', username: 'canary', credential: 'canary' }]),
}
settled(tries['%s']()).then(() => fetch('/done'))
</script>`

// elsewhere is a host of its own that notes whoever comes.
type elsewhere struct {
	there, datagrams string
	reached          chan struct{} // is closed when the first one comes

	mu    sync.Mutex
	comes int
}

func (e *elsewhere) note() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.comes == 0 {
		close(e.reached)
	}
	e.comes++
}

func (e *elsewhere) visits() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.comes
}

func startElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Fatal(err)
	}
	p, err := net.ListenPacket("udp", "127.0.0.2:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close(); _ = p.Close() })
	e := &elsewhere{there: l.Addr().String(), datagrams: p.LocalAddr().String(), reached: make(chan struct{})}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			e.note()
			_ = c.Close()
		}
	}()
	go func() {
		for {
			if _, _, err := p.ReadFrom(make([]byte, 2048)); err != nil {
				return
			}
			e.note()
		}
	}()
	return e
}

// chromium is a running one that is spoken to through pipes: messages of the
// DevTools protocol, each with a NUL at its end.
type chromium struct {
	t    *testing.T
	to   *os.File
	pipe *os.File
	from *bufio.Reader // the pipe
	part []byte        // of a message whose end didn't come in time
	last int
	held func(parameters string) (method, answer string) // nil lets all requests go
}

type protocolMessage struct {
	ID        int             `json:"id,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    json.RawMessage `json:"params,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     json.RawMessage `json:"error,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
}

func startChromium(t *testing.T, arguments []string) *chromium {
	t.Helper()
	theirs, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, theirsToo, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("chromium", slices.Concat(arguments, []string{
		"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe", "--user-data-dir=" + t.TempDir(), "about:blank",
	})...)
	cmd.ExtraFiles = []*os.File{theirs, theirsToo}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = theirs.Close(), theirsToo.Close()
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
		_, _ = to.Close(), from.Close()
		// Its other processes may still be writing to the folder.
		for deadline := time.Now().Add(time.Minute); GroupLives(t, cmd.Process.Pid, "") && time.Now().Before(deadline); {
			time.Sleep(5 * time.Millisecond)
		}
	})
	_ = from.SetReadDeadline(time.Now().Add(2 * time.Minute))
	return &chromium{t: t, to: to, pipe: from, from: bufio.NewReader(from)}
}

func (c *chromium) send(session, method, params string) (id int, err error) {
	c.last++
	text, err := json.Marshal(protocolMessage{ID: c.last, Method: method, Params: json.RawMessage(params), SessionID: session})
	if err == nil {
		_, err = c.to.Write(append(text, 0))
	}
	return c.last, err
}

// hear reads a message, and answers for a request that waits.
func (c *chromium) hear() (m protocolMessage, err error) {
	text, err := c.from.ReadBytes(0)
	text, c.part = append(c.part, text...), nil
	if err != nil {
		c.part = text
		return m, err
	}
	if err := json.Unmarshal(text[:len(text)-1], &m); err != nil {
		return m, err
	}
	if m.Method == interceptEvent {
		if method, answer := c.held(string(m.Params)); method != "" {
			_, err = c.send(m.SessionID, method, answer)
		}
	}
	return m, err
}

// call does something and reads its result.
func (c *chromium) call(session, method, params string, result any) {
	c.t.Helper()
	if refusal := c.try(session, method, params, result); refusal != "" {
		c.t.Fatalf("%s: %s", method, refusal)
	}
}

// try is call for what may be refused.
func (c *chromium) try(session, method, params string, result any) (refusal string) {
	c.t.Helper()
	id, err := c.send(session, method, params)
	for err == nil {
		var m protocolMessage
		if m, err = c.hear(); err != nil || m.ID != id {
			continue
		}
		if m.Error == nil {
			err = json.Unmarshal(m.Result, result)
		}
		if err == nil {
			return string(m.Error)
		}
	}
	c.t.Fatalf("%s: %v", method, err)
	return ""
}

// visit loads a page and goes on until done is closed.
func (c *chromium) visit(url string, done <-chan struct{}) {
	c.t.Helper()
	var target struct{ TargetID, SessionID string }
	c.call("", "Target.createTarget", `{"url":"about:blank"}`, &target)
	c.call("", "Target.attachToTarget", fmt.Sprintf(`{"targetId":%q,"flatten":true}`, target.TargetID), &target)
	if c.held != nil {
		c.call(target.SessionID, interceptMethod, interceptAll, &struct{}{})
	}
	if _, err := c.send(target.SessionID, "Page.navigate", fmt.Sprintf(`{"url":%q}`, url)); err != nil {
		c.t.Fatal(err)
	}
	heard := make(chan error, 1)
	go func() {
		for {
			if _, err := c.hear(); err != nil {
				heard <- err
				return
			}
		}
	}()
	select {
	case <-done:
		_ = c.pipe.SetReadDeadline(time.Now()) // nobody hears or answers after the test
		<-heard                                //nolint:errcheck // that its time is over
	case err := <-heard:
		c.t.Errorf("the page wasn't done: %v", err)
	}
}

// enticed starts a site whose page tries one way to another host, and says where
// its login starts. done is closed when the page has nothing left to wait for.
func enticed(t *testing.T, try string, other *elsewhere) (job kite.LoginJob, done <-chan struct{}) {
	t.Helper()
	settled := make(chan struct{})
	settle := sync.OnceFunc(func() { close(settled) }) // a browser may ask again
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/done" {
			settle()
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, enticing, other.there, other.datagrams, try)
	}))
	t.Cleanup(site.Close)
	return kite.LoginJob{AccountType: kite.Sandbox, LoginURL: site.URL + "/connect/login", CallbackURL: "http://127.0.0.3/cb"}, settled
}

func TestChromium_reaches_the_policys_hosts_alone_whatever_a_page_tries(t *testing.T) {
	for _, try := range []string{"socket", "worker", "preconnect", "image", "transport", "fetch", "beacon", "stun", "turn"} {
		t.Run(try, func(t *testing.T) {
			t.Parallel()
			other := startElsewhere(t)
			job, done := enticed(t, try, other)
			policy := loginwindow.NewPolicy(job)
			c := startChromium(t, argumentsIn(browserArguments(policy, nil)))
			b, _ := judging(t)
			b.policy, b.committed = policy, job.LoginURL
			c.held = b.intercept
			c.visit(job.LoginURL, done)
			if n := other.visits(); n != 0 {
				t.Errorf("another host was reached %d times", n)
			}
		})
		// What a page has settled may still be on its way, so the visit itself is
		// waited for: it fails after a minute in which nobody came.
		t.Run(try+" without restrictions", func(t *testing.T) {
			t.Parallel()
			other := startElsewhere(t)
			job, _ := enticed(t, try, other)
			startChromium(t, nil).visit(job.LoginURL, other.reached)
		})
	}
}

// netLog waits for the whole of what Chromium noted about the network.
func netLog(t *testing.T, path string) string {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if text, err := os.ReadFile(path); err == nil && json.Valid(text) {
			return string(text)
		}
	}
	t.Fatal("Chromium didn't write its log")
	return ""
}

// looks has a page try something with another host, and says what Chromium noted.
// It ends only once that has been noted which is expected, "" if nothing is: what
// a page asks for is done in its own time.
func looks(t *testing.T, try string, restricted bool, expected string) string {
	t.Helper()
	job, done := enticed(t, try, &elsewhere{there: "elsewhere.example"})
	path := t.TempDir() + "/log.json"
	arguments := []string{"--log-net-log=" + path}
	if restricted {
		arguments = append(arguments, argumentsIn(browserArguments(loginwindow.NewPolicy(job), nil))...)
	}
	c := startChromium(t, arguments)
	c.visit(job.LoginURL, done)
	_ = c.pipe.SetReadDeadline(time.Now().Add(time.Minute))
	for !noted(t, path, expected) { // which is written when there is more to write
		c.call("", "Target.createTarget", fmt.Sprintf(`{"url":%q}`, job.LoginURL), &struct{}{})
		time.Sleep(50 * time.Millisecond)
	}
	if _, err := c.send("", "Browser.close", "{}"); err != nil {
		t.Fatal(err)
	}
	return strings.ToLower(netLog(t, path))
}

func noted(t *testing.T, path, what string) bool {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Contains(string(text), what)
}

func TestChromium_asks_nobody_for_the_address_of_another_host(t *testing.T) {
	log := looks(t, "socket", true, "")
	if !strings.Contains(log, "ws://elsewhere.example") {
		t.Error("the page didn't try")
	}
	// What stands for no address is no name that is looked up.
	if strings.Contains(log, "://~notfound") {
		t.Error("an address was asked for")
	}
	if strings.Contains(looks(t, "prefetch", true, ""), "elsewhere.example") {
		t.Error("a name is looked up ahead")
	}
	looks(t, "prefetch", false, "elsewhere.example") // proves that it would be
}

// evaluate runs a script in a page and returns the text that it gives, if any.
func (c *chromium) evaluate(session, script string) string {
	c.t.Helper()
	expression, err := json.Marshal(script)
	if err != nil {
		c.t.Fatal(err)
	}
	var given struct{ Result struct{ Value string } }
	if c.try(session, "Runtime.evaluate", fmt.Sprintf(`{"expression":%s}`, expression), &given) != "" {
		return "" // another page took this one's place
	}
	return given.Result.Value
}

func TestFillUserID_leaves_the_page_alone_that_came_in_between(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><input id="userid">`))
	}))
	t.Cleanup(site.Close)
	c := startChromium(t, nil)
	var target struct{ TargetID, SessionID string }
	c.call("", "Target.createTarget", fmt.Sprintf(`{"url":%q}`, site.URL), &target)
	c.call("", "Target.attachToTarget", fmt.Sprintf(`{"targetId":%q,"flatten":true}`, target.TargetID), &target)
	for c.evaluate(target.SessionID, "document.querySelector('#userid') ? 'there' : ''") == "" {
		time.Sleep(20 * time.Millisecond)
	}
	for page, want := range map[string]string{"https://kite.zerodha.com/connect/login": "", site.URL + "/connect/login": "AB1234"} {
		if got := c.evaluate(target.SessionID, "document.querySelector('#userid').value = ''; "+fillUserID("AB1234", page)+"; document.querySelector('#userid').value"); got != want {
			t.Errorf("from %s: %q", page, got)
		}
	}
}
