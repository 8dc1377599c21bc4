package main

import (
	"io"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestCommandLine(t *testing.T) {
	for _, c := range []struct {
		args []string
		want *kite.Request
		dir  string
	}{
		{nil, nil, ""},
		{[]string{"--data-dir", "/tmp/x"}, nil, "/tmp/x"},
		{[]string{"--show", "a1"}, &kite.Request{Show: "a1"}, ""},
		{[]string{"--data-dir=/x", "--login", "a1"}, &kite.Request{Login: "a1"}, "/x"},
		{[]string{"--login-all"}, &kite.Request{LoginAll: true}, ""},
		{[]string{"--preferences"}, &kite.Request{Preferences: true}, ""},
	} {
		got, err := parseCommandLine(c.args, io.Discard)
		if err != nil || got.dataDir != c.dir || (got.request == nil) != (c.want == nil) || (c.want != nil && *got.request != *c.want) {
			t.Errorf("%q: %+v, %v", c.args, got, err)
		}
	}
	for _, args := range [][]string{{"--version"}, {"-version"}, {"--data-dir", "/tmp/x", "--version"}} {
		if !asksVersion(args) {
			t.Errorf("%q doesn't ask for the version", args)
		}
	}
	for _, args := range [][]string{nil, {"--data-dir", "--version"}, {"agent", "--version"}, {"login-window"}, {"--version=false"}} {
		if asksVersion(args) {
			t.Errorf("%q asks for the version", args)
		}
	}
	for _, wrong := range [][]string{{"--frobnicate"}, {"open"}, {"--show"}} {
		if _, err := parseCommandLine(wrong, io.Discard); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}
