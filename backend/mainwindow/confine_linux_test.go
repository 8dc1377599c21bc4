package mainwindow_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/gtkloop"
	"github.com/kiteaccounts/kite-accounts/backend/gtkloop/gtklooptest"
	"github.com/kiteaccounts/kite-accounts/backend/mainwindow"
	"github.com/kiteaccounts/kite-accounts/backend/mainwindow/mainwindowtest"
)

func TestMain(m *testing.M) {
	gtkloop.Patience = time.Minute // for a loop that starts processes on a busy computer
	gtklooptest.Main(m)
}

// foreign is a site that counts who asks it for anything.
func foreign(t *testing.T) (address string, asked *atomic.Int64) {
	t.Helper()
	asked = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<title>foreign</title>"))
	}))
	t.Cleanup(server.Close)
	return server.URL + "/", asked
}

func TestConfine_without_a_window_says_so(t *testing.T) {
	if err := mainwindow.Confine(t.Context()); !errors.Is(err, mainwindow.ErrNoWebView) {
		t.Errorf("error %v", err)
	}
}

// Proves that what the next test refuses would have happened.
func TestWithoutConfine_a_script_leads_the_window_away(t *testing.T) {
	site, asked := foreign(t)
	view := mainwindowtest.Show(t)
	view.Script(t, `location.href = "`+site+`"`)
	if want := view.Wanted(); want != site {
		t.Errorf("wanted %s", want)
	}
	if got := view.Loaded(); got != site || asked.Load() == 0 {
		t.Errorf("loaded %s, site asked %d times", got, asked.Load())
	}
}

func TestConfine_the_window_stays_on_its_own_page(t *testing.T) {
	for name, script := range map[string]func(site string) string{
		"location": func(site string) string { return `location.href = "` + site + `"` },
		"replaced": func(site string) string { return `location.replace("` + site + `")` },
		"link": func(site string) string {
			return `let a = document.createElement("a"); a.href = "` + site + `"; document.body.append(a); a.click()`
		},
		"form": func(site string) string {
			return `let f = document.createElement("form"); f.method = "post"; f.action = "` + site + `"; document.body.append(f); f.submit()`
		},
		"meta refresh": func(site string) string {
			return `document.head.insertAdjacentHTML("beforeend", '<meta http-equiv="refresh" content="0; url=` + site + `">')`
		},
	} {
		t.Run(name, func(t *testing.T) {
			site, asked := foreign(t)
			view := mainwindowtest.Show(t)
			for range 2 { // as after a reload
				if err := mainwindow.Confine(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			view.Script(t, script(site))
			if want := view.Wanted(); want != site {
				t.Fatalf("wanted %s", want)
			}
			view.Script(t, `setTimeout(() => location.href = "wails://wails/next", 300)`) // time for the site to be asked
			if got := view.Loaded(); got != "wails://wails/next" || asked.Load() != 0 {
				t.Errorf("loaded %s, site asked %d times", got, asked.Load())
			}
		})
	}
}

func TestConfine_reloading_still_works(t *testing.T) {
	view := mainwindowtest.Show(t)
	if err := mainwindow.Confine(t.Context()); err != nil {
		t.Fatal(err)
	}
	view.Script(t, `location.reload()`)
	if got := view.Loaded(); got != "wails://wails/" {
		t.Errorf("loaded %s", got)
	}
}

func TestConfine_closes_the_inspector(t *testing.T) {
	view := mainwindowtest.Show(t)
	if !view.Inspectable(t) {
		t.Fatal("the inspector was closed before")
	}
	if err := mainwindow.Confine(t.Context()); err != nil {
		t.Fatal(err)
	}
	if view.Inspectable(t) {
		t.Error("the inspector can be opened")
	}
}
