package kitetest_test

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// spy notes whether a search would have failed its test.
type spy struct {
	testing.TB
	failed bool
}

func (s *spy) Helper()               {}
func (s *spy) Errorf(string, ...any) { s.failed = true }

const canary = "Canary+/=9"

func TestTheSearchFindsEveryForm(t *testing.T) {
	for name, text := range map[string]string{
		"plain":   "a " + canary + " b",
		"in URL":  "?a=Canary%2B%2F%3D9",
		"base64":  base64.StdEncoding.EncodeToString([]byte(canary)),
		"hex":     hex.EncodeToString([]byte(canary)),
		"UTF-16":  "C\x00a\x00n\x00a\x00r\x00y\x00+\x00/\x00=\x009\x00",
		"no more": "Canary",
	} {
		s := &spy{TB: t}
		kitetest.NoSecretIn(s, "text", text, "another", canary)
		if s.failed != (name != "no more") {
			t.Errorf("%s: found = %t", name, s.failed)
		}
	}
}

func TestTheSearchLooksDownTheWholeChain(t *testing.T) {
	hidden := kite.Errorf(kite.EDATA, "x").Because(errors.New(canary))
	for name, err := range map[string]error{
		"itself": errors.New(canary), "hint": kite.Errorf(kite.EDATA, "x").WithHint(canary), "cause": hidden,
		"wrapped": fmt.Errorf("a: %w", hidden), "joined": errors.Join(errors.New("a"), hidden), "silent": silent{hidden},
	} {
		s := &spy{TB: t}
		kitetest.NoSecretInError(s, err, canary)
		if !s.failed {
			t.Errorf("%s: not found", name)
		}
	}
	s := &spy{TB: t}
	kitetest.NoSecretInError(s, fmt.Errorf("a: %w", kite.Errorf(kite.EDATA, "x")), canary)
	kitetest.NoSecretInError(s, nil, canary)
	if s.failed {
		t.Error("found what isn't there")
	}
}

// silent prints nothing of what it wraps.
type silent struct{ err error }

func (s silent) Error() string                { return "silent" }
func (s silent) Unwrap() error                { return s.err }
func (s silent) Format(f fmt.State, _ rune)   { _, _ = f.Write([]byte("silent")) }
func (s silent) MarshalJSON() ([]byte, error) { return []byte(`""`), nil }

func TestEventsAreWaitedFor(t *testing.T) {
	var events kitetest.Events
	want := kite.Event{Type: kite.SessionChanged, AccountID: "a"}
	go func() {
		events.Publish(kite.Event{Type: kite.ClockChanged})
		events.Publish(want)
	}()
	events.WaitFor(t, want)
	if all := events.All(); len(all) != 2 || all[1] != want {
		t.Errorf("recorded %v", all)
	}
	events.Forget()
	if len(events.All()) != 0 {
		t.Error("Forget forgot nothing")
	}
}
