package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

func TestLocalAPI_says_who_serves_and_why_nobody_does(t *testing.T) {
	const address = "http://127.0.0.1:51731"
	taken := &agent.Reason{Code: kite.ECONFLICT, Message: "Taken.", Hint: "Choose another."}
	blind := &agent.Reason{Code: kite.EDATA, Message: "Unreadable.", Hint: "See the log."}
	serving := agent.LocalAPI{On: true, Address: address}
	for name, c := range map[string]struct {
		off          bool
		state        program.DesktopState
		address      string
		failure, way string // message and hint
	}{
		"off, whatever the agent last said":   {off: true, state: program.DesktopState{Watcher: program.WatcherAgent, LocalAPI: serving}},
		"served":                              {state: program.DesktopState{Watcher: program.WatcherAgent, LocalAPI: serving}, address: address},
		"the agent hasn't heard of it yet":    {state: program.DesktopState{Watcher: program.WatcherAgent}},
		"the agent is being started":          {state: program.DesktopState{Watcher: program.WatcherNone}},
		"the port is taken":                   {state: program.DesktopState{Watcher: program.WatcherAgent, LocalAPI: agent.LocalAPI{On: true, Failure: taken}}, failure: "Taken.", way: "Choose another."},
		"the agent can't read the database":   {state: program.DesktopState{Watcher: program.WatcherAgent, AgentFailure: blind}, failure: "Unreadable.", way: "See the log."},
		"the window watches, as was wished":   {state: program.DesktopState{Watcher: program.WatcherWindow}, failure: notServed, way: "Close this window and open Kite Accounts again: that starts it."},
		"the window watches for want of one":  {state: program.DesktopState{Watcher: program.WatcherWindow, AgentFailure: blind}, failure: notServed, way: "See the log."},
		"nobody watches: it doesn't answer":   {state: program.DesktopState{Watcher: program.WatcherNone, AgentFailure: blind}, failure: notServed, way: "See the log."},
		"what an agent said that is gone now": {state: program.DesktopState{Watcher: program.WatcherWindow, LocalAPI: serving}, failure: notServed, way: "Close this window and open Kite Accounts again: that starts it."},
	} {
		p := kite.DefaultPreferences()
		p.LocalAPI = !c.off
		v := localAPIOf(p, c.state)
		var said, way string
		if v.Failure != nil {
			said, way = v.Failure.Message, v.Failure.Hint
		}
		if v.On == c.off || v.Port != kite.DefaultLocalAPIPort || v.Address != c.address || said != c.failure || way != c.way {
			t.Errorf("%s: %+v, %q, %q", name, v, said, way)
		}
	}
}

const notServed = "Programs aren't served: the part that stays in the tray isn't running."

func TestToken_of_a_new_client_is_there_until_it_is_forgotten(t *testing.T) {
	var n newToken
	one, two := kite.NewSecret("ka_one"), kite.NewSecret("ka_two")
	has := func(id, want string) {
		t.Helper()
		token, err := n.of(id)
		if token.Reveal() != want || (want == "") != (kite.ErrorCode(err) == kite.ENOTFOUND) {
			t.Errorf("the token of %s: %v", id, err)
		}
	}
	has("c1", "")
	n.keep("c1", one)
	has("c1", "ka_one")
	has("c2", "")
	n.keep("c2", two)
	has("c1", "")
	n.forget("c1")
	has("c2", "ka_two")
	n.forget("c2")
	has("c2", "")
	for _, wiped := range []kite.Secret{one, two} {
		if wiped.Reveal() != "\x00\x00\x00\x00\x00\x00" {
			t.Error("a forgotten token is still in memory")
		}
	}
}

func TestToken_is_in_one_type_of_the_page_only(t *testing.T) {
	var holders []string
	eachField(reflect.TypeOf(view.AddedClient{}), func(f reflect.StructField) {
		if f.Name == "Token" {
			holders = append(holders, f.Name)
		}
	})
	if len(holders) != 1 {
		t.Errorf("fields: %q", holders)
	}
	for _, v := range []any{view.Client{}, view.ClientInput{}} {
		eachField(reflect.TypeOf(v), func(f reflect.StructField) {
			if f.Name == "Token" {
				t.Errorf("%T has a token", v)
			}
		})
	}
}

func TestCommandLine_is_what_a_shell_understands(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "Asha's programs")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "kitectl")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nprintf '%s|' \"$@\"\n"), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	run := func(v view.CommandLine) string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), "sh", "-c", v.Command+" token family").CombinedOutput() //nolint:gosec // what is tested
		if err != nil {
			t.Fatalf("%s: %v: %s", v.Command, err, out)
		}
		return string(out)
	}
	t.Setenv("PATH", "/usr/bin:/bin")
	v := kitectlCall(path, "")
	if v.Found || v.Path != path || run(v) != "token|family|" {
		t.Errorf("not on the PATH: %+v", v)
	}
	if v := kitectlCall(path, folder); run(v) != "--data-dir|"+folder+"|token|family|" {
		t.Errorf("with a data folder: %+v", v)
	}
	t.Setenv("PATH", folder+":/usr/bin:/bin")
	if v := kitectlCall(path, ""); !v.Found || v.Command != "kitectl" {
		t.Errorf("on the PATH: %+v", v)
	}
	if v := kitectlCall("/elsewhere/kitectl", ""); v.Found || v.Command != "/elsewhere/kitectl" {
		t.Errorf("another kitectl on the PATH: %+v", v)
	}
}
