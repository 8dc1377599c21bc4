package loopback

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"strconv"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// style is all that the page may load: no script, no picture, no font.
const style = `:root{color-scheme:light dark;--ground:#f7f8fa;--card:#fff;--text:#1c2430;--quiet:#566070;--line:#d9dee5;--mark:#1f7a4d}
@media (prefers-color-scheme:dark){:root{--ground:#14181e;--card:#1d232b;--text:#e8ecf1;--quiet:#a3adba;--line:#333c47;--mark:#5cc795}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{box-sizing:border-box;max-width:30rem;margin:1.5rem;padding:2rem;background:var(--card);border:1px solid var(--line);border-radius:12px}
h1{margin:0;font-size:1.25rem;line-height:1.35}p{margin:.5rem 0 0;color:var(--quiet)}.done h1{color:var(--mark)}`

var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Kite Accounts</title><style>` + style + `</style></head>
<body><main{{if .Done}} class="done"{{end}}><h1>{{.Title}}</h1>{{range .Text}}<p>{{.}}</p>{{end}}</main></body></html>
`))

type text struct {
	Done  bool
	Title string
	Text  []string
}

var policy = func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

var (
	taken   = text{Done: true, Title: "Kite Accounts has the login. You can close this tab."}
	over    = text{Title: "This login is over already.", Text: []string{"Nothing was done with what came here. You can close this tab."}}
	missing = text{Title: "There is nothing here.", Text: []string{"Kite Accounts waits at this port for one login and answers nothing else."}}
	unasked = text{Title: "This isn't how a login comes back.", Text: []string{"Nothing was done with it."}}
)

// failed tells what was wrong with a redirect.
func failed(answer kite.RedirectAnswer) text {
	next := "Kite Accounts still waits for the login that it started. Go back to it to open that login again, or to cancel it."
	if answer.Final {
		next = "You can close this tab and go back to Kite Accounts."
	}
	return text{Title: answer.Err.Message, Text: []string{next}}
}

// show writes the page.
func show(w http.ResponseWriter, status int, t text) {
	var body bytes.Buffer
	if err := page.Execute(&body, t); err != nil {
		panic(err) // the template above is wrong
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // a browser that has gone needs no page
}
