package wailslog_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/wailsapp/wails/v2/pkg/logger"

	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/logging"
	"github.com/kiteaccounts/kite-accounts/backend/logging/wailslog"
)

const canary = "Canary7f3a91bb"

func TestArgumentsOfThePageAreLeftOut(t *testing.T) {
	for name, c := range map[string]struct{ message, want string }{
		"panic in a method":   {`process message error: C{"name":"main.App.Save","args":["x","` + canary + `"],"callbackID":"main.App.Save-1"} -> boom`, "process message error: main.App.Save… (arguments left out)"},
		"secure call":         {`process message error: c{"name":"main.App.Save","args":["` + canary + `"]} -> boom`, "process message error: main.App.Save… (arguments left out)"},
		"name comes last":     {`process message error: C{"args":["` + canary + `"],"name":"main.App.Save"} -> boom`, "process message error: … (arguments left out)"},
		"call that's garbage": {`process message error: C` + canary + ` -> invalid character`, "process message error: … (arguments left out)"},
		"no kind at all":      {`process message error: ` + canary + ` -> Unknown message from front end: ` + canary, "process message error: … (arguments left out)"},
		"hostile name":        {`process message error: C{"name":"` + canary + ` x","args":[]} -> boom`, "process message error: … (arguments left out)"},
		"over several lines":  {"process message error: C{\"args\":[\"a\n" + canary + "\"]} -> boom\n" + canary, "process message error: … (arguments left out)"},
		"event":               {`event emitted: {"data":["` + canary + `"]}`, "event emitted: … (arguments left out)"},
		"Wails' own part":     {`[AssetHandler] Handling request '/' {"a":"` + canary + `"}`, "[AssetHandler] Handling request '/' … (arguments left out)"},
		"bracket never ends":  {`[` + canary, "… (arguments left out)"},
		"harmless":            {"Asset not found", "Asset not found"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := wailslog.WithoutArguments(c.message); got != c.want {
				t.Errorf("kept %q; want %q", got, c.want)
			}
			var out bytes.Buffer
			for _, write := range methods(wailslog.New(logging.New(&out))) {
				write(c.message)
			}
			kitetest.NoSecretIn(t, "the log", out.String(), canary)
		})
	}
}

func methods(l logger.Logger) map[string]func(string) {
	return map[string]func(string){
		"INFO": l.Info, "WARN": l.Warning, "ERROR": l.Error, "fatal": l.Fatal, "print": l.Print, "trace": l.Trace, "debug": l.Debug,
	}
}

func TestLevels(t *testing.T) {
	for level, write := range map[string]func(logger.Logger, string){
		"INFO": logger.Logger.Info, "WARN": logger.Logger.Warning, "ERROR": logger.Logger.Error,
	} {
		var out bytes.Buffer
		write(wailslog.New(logging.New(&out)), "hello")
		var line map[string]any
		if err := json.Unmarshal(out.Bytes(), &line); err != nil || line["level"] != level || line["msg"] != "hello" || line["from"] != "wails" {
			t.Errorf("%s wrote %s (%v)", level, out.String(), err)
		}
	}
	var out bytes.Buffer
	quiet := wailslog.New(logging.New(&out))
	quiet.Trace("json call result data: x")
	quiet.Debug("call x")
	if out.Len() > 0 {
		t.Errorf("results and calls were written: %s", strings.TrimSpace(out.String()))
	}
}
