package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/mac"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/logging/wailslog"
	"github.com/kiteaccounts/kite-accounts/backend/mainwindow"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

// The window around the page. Rules: the page loads nothing from elsewhere
// (Content-Security-Policy here and in index.html), the window never leaves
// wails:// (mainwindow.Confine), and Wails logs no arguments (wailslog).

// contentSecurityPolicy equals that of frontend/index.html, where a comment
// says why; frame-src is what keeps a frame from calling Go.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"

// The window's size where nothing is remembered, and its smallest, in
// device-independent pixels.
const (
	defaultWidth, defaultHeight = 1120, 760
	minWidth, minHeight         = 720, 520
)

func (a *app) options() *options.App {
	sh := shell{app: a}
	return &options.App{
		Title: "Kite Accounts",
		Width: defaultWidth, Height: defaultHeight, MinWidth: minWidth, MinHeight: minHeight,
		StartHidden:        true, // shown in its remembered size once the page is there
		AssetServer:        &assetserver.Options{Assets: page, Middleware: withPolicy},
		Logger:             wailslog.New(a.log),
		LogLevel:           logger.WARNING,
		LogLevelProduction: logger.WARNING,
		OnStartup:          a.startup,
		OnDomReady:         a.domReady,
		OnBeforeClose:      a.beforeClose,
		Bind: []any{
			&AccountService{sh}, &SessionService{sh}, &SettingsService{sh}, &DesktopService{sh}, &HistoryService{sh}, &ProgramService{sh}, &UpdateService{sh},
		},
		ErrorFormatter: failureText,
		SingleInstanceLock: &options.SingleInstanceLock{
			UniqueId:               a.instanceID(),
			OnSecondInstanceLaunch: a.secondStart,
		},
		Windows: a.windowsOptions(),
		// Without it, Tab passes over buttons.
		Mac:   &mac.Options{Preferences: &mac.Preferences{TabFocusesLinks: mac.Enabled}},
		Linux: &linux.Options{Icon: icon, ProgramName: "kite-accounts", WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
	}
}

// failureText is a Failure as JSON text: Wails' page makes a JavaScript Error
// of what it gets, which keeps a text and loses an object.
func failureText(err error) any {
	text, _ := json.Marshal(view.FailureOf(err)) // strings always marshal
	return string(text)
}

func withPolicy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", contentSecurityPolicy)
		next.ServeHTTP(w, r)
	})
}

func (a *app) startup(ctx context.Context) {
	a.ctx = ctx
	close(a.started)
	if a.handedOver {
		return
	}
	a.program.Events.Follow(func(e kite.Event) { runtime.EventsEmit(ctx, string(e.Type), e.AccountID) })
	a.program.Events.Follow(a.offerAutostart)
	go a.endOnSignal(ctx)
	a.program.Start(ctx)
	a.desktop.Start(ctx)
}

// endOnSignal keeps the end of the desktop's session from being held up by
// a question: Wails takes the same signals for a press on the cross.
func (a *app) endOnSignal(ctx context.Context) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, os.Interrupt, syscall.SIGTERM)
	select {
	case <-asked:
	case <-ctx.Done():
		return
	}
	a.leaving.Store(true)
	if a.closing.Load() {
		runtime.Quit(ctx)
	}
}

// offerAutostart lets the page ask once the first session is there.
func (a *app) offerAutostart(e kite.Event) {
	if e.Type != kite.SessionChanged || a.offered.Load() {
		return
	}
	go func() {
		services, err := a.program.Services(a.ctx)
		if err == nil && services.MayOfferAutostart(a.ctx) && a.offered.CompareAndSwap(false, true) {
			a.program.Events.Publish(kite.Event{Type: kite.DesktopChanged})
		}
	}()
}

// domReady comes again on every reload of the page.
func (a *app) domReady(ctx context.Context) {
	if a.handedOver {
		a.log.Warn("another window has this data folder and didn't take over")
		runtime.Quit(ctx)
		return
	}
	if err := mainwindow.Confine(ctx); err != nil {
		a.log.Error("window not shown: it can't be confined to its own page", "error", err)
		runtime.Quit(ctx)
		return
	}
	a.shown.Do(func() {
		a.restoreSize(ctx)
		runtime.WindowShow(ctx)
	})
}

// beforeClose runs while the desktop's loop still does, which the clipboard
// needs. The first time, the user is asked whether the agent may stay; a second
// press on the cross leaves without an answer.
func (a *app) beforeClose(ctx context.Context) (prevent bool) {
	if a.handedOver {
		return false
	}
	if !a.leaving.Load() && a.mustAsk(ctx) && !a.leaving.Load() { // a signal may come meanwhile
		a.program.Events.Publish(kite.Event{Type: kite.WindowClosing})
		return true
	}
	a.rememberSize(ctx)
	if err := a.clipboard.Close(); err != nil {
		a.log.Warn("clipboard not cleared", "error", err)
	}
	return false
}

// mustAsk decides what closing does, and says whether the user has to.
func (a *app) mustAsk(ctx context.Context) bool {
	choice := kite.CloseStays
	services, err := a.program.Services(ctx)
	if err == nil && a.desktop.State().Watcher == program.WatcherAgent {
		choice = services.OnClose(ctx)
	}
	if choice == kite.CloseAsks && a.closing.CompareAndSwap(false, true) {
		return true
	}
	a.quitting.Store(choice == kite.CloseQuits)
	return false
}

// leave closes the window after the user has said what that does.
func (a *app) leave(choice kite.CloseChoice) {
	a.quitting.Store(choice == kite.CloseQuits)
	a.leaving.Store(true)
	runtime.Quit(a.context())
}

// secondStart takes the place of a second window. Its arguments come from any
// process of the user.
func (a *app) secondStart(second options.SecondInstanceData) {
	c, err := parseCommandLine(second.Args, io.Discard)
	if err != nil {
		a.log.Warn("arguments of a second start not understood", "error", err)
	}
	var r kite.Request
	if c.request != nil {
		r = *c.request
	}
	a.ask(r)
}

// ask raises the window and lets the page do what the desktop asks.
func (a *app) ask(r kite.Request) {
	if r.Quit {
		a.leave(kite.CloseStays) // the agent ends by itself
		return
	}
	if r != (kite.Request{}) {
		a.request.Store(&r)
		a.program.Events.Publish(kite.Event{Type: kite.WindowRequested})
	}
	a.raise()
}

func (a *app) raise() {
	ctx := a.context()
	runtime.WindowUnminimise(ctx)
	runtime.WindowShow(ctx)
	runtime.WindowSetAlwaysOnTop(ctx, true)
	runtime.WindowSetAlwaysOnTop(ctx, false)
}

// windowKey is where the window's size is kept, as JSON.
const windowKey = "window"

type windowSize struct {
	Width     int  `json:"width"`
	Height    int  `json:"height"`
	Maximised bool `json:"maximised"`
}

func (a *app) restoreSize(ctx context.Context) {
	services, err := a.program.Services(ctx)
	if err != nil {
		return // the window shows the reason
	}
	var size windowSize
	text, err := services.Settings.Setting(ctx, windowKey)
	if err != nil || json.Unmarshal([]byte(text), &size) != nil {
		return
	}
	if size.Width >= minWidth && size.Height >= minHeight {
		runtime.WindowSetSize(ctx, size.Width, size.Height)
	}
	if size.Maximised {
		runtime.WindowMaximise(ctx)
	}
}

func (a *app) rememberSize(ctx context.Context) {
	services, err := a.program.Services(ctx)
	if err != nil {
		return
	}
	a.log.Debug("window closes")
	if err := saveSize(ctx, services, runtime.WindowIsMaximised(ctx)); err != nil {
		a.log.Warn("window size not remembered", "error", err)
	}
}

func saveSize(ctx context.Context, services *program.Services, maximised bool) error {
	size := windowSize{Maximised: maximised}
	size.Width, size.Height = runtime.WindowGetSize(ctx)
	text, err := json.Marshal(size)
	if err != nil {
		return err
	}
	return services.Settings.SetSetting(ctx, windowKey, string(text))
}
