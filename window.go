package main

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
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
		Bind:               []any{&AccountService{sh}, &SessionService{sh}, &SettingsService{sh}},
		ErrorFormatter:     failureText,
		SingleInstanceLock: &options.SingleInstanceLock{
			UniqueId:               a.instanceID(),
			OnSecondInstanceLaunch: func(options.SecondInstanceData) { a.raise() },
		},
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
	a.program.Start(ctx)
}

// domReady comes again on every reload of the page.
func (a *app) domReady(ctx context.Context) {
	if a.handedOver {
		a.log.Warn("another window has this data folder and didn't take over")
		runtime.Quit(ctx)
		return
	}
	if err := mainwindow.Confine(); err != nil {
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
// needs.
func (a *app) beforeClose(ctx context.Context) (prevent bool) {
	if a.handedOver {
		return false
	}
	a.rememberSize(ctx)
	if err := a.clipboard.Close(); err != nil {
		a.log.Warn("clipboard not cleared", "error", err)
	}
	return false
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
