package kite_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

const canary = "CanarySecret+/=91"

// holder has a Secret where fmt can't call its methods, and where it can.
type holder struct {
	Shown  kite.Secret
	hidden kite.Secret
	Tokens kite.Tokens
	List   []kite.Secret
	Map    map[string]kite.Secret
	Any    any
	Ptr    *kite.Secret
}

type encoded struct{ S kite.Secret }

func holding() holder {
	s := kite.NewSecret(canary)
	return holder{
		Shown: s, hidden: s, Tokens: kite.Tokens{Access: s}, List: []kite.Secret{s},
		Map: map[string]kite.Secret{"a": s}, Any: s, Ptr: &s,
	}
}

func TestSecretMasksItselfUnderEveryVerb(t *testing.T) {
	asBytes := fmt.Sprint([]byte(canary)) //nolint:staticcheck // the numbers are wanted
	s := kite.NewSecret(canary)
	for _, value := range []any{s, &s, holding(), []any{holding()}, struct{ in holder }{holding()}, fmt.Errorf("wrapped %v", s)} {
		for _, verb := range "vTtbcdoOqxXUeEfFgGspw" {
			for _, flags := range []string{"", "+", "#", "-40", "040", " ", ".3", "#+"} {
				text := fmt.Sprintf("%"+flags+string(verb), value)
				kitetest.NoSecretIn(t, fmt.Sprintf("%%%s%c of a %T", flags, verb, value), text, canary)
				kitetest.NoSecretIn(t, fmt.Sprintf("%%%s%c of a %T, as bytes", flags, verb, value), text, asBytes)
			}
		}
		kitetest.NoSecretIn(t, "Sprintln", fmt.Sprintln(value), canary)
	}
	if got := fmt.Sprintf("%v|%s|%q|%x|%d", s, s, s, s, s); got != kite.Mask+"|"+kite.Mask+"|"+kite.Mask+"|"+kite.Mask+"|"+kite.Mask {
		t.Errorf("printed %s", got)
	}
}

func TestSecretMasksItselfInLogsAndFormats(t *testing.T) {
	var out bytes.Buffer
	s := kite.NewSecret(canary)
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		logger := slog.New(handler).With("with", s).WithGroup("group")
		logger.Info("message", "secret", s, "pointer", &s, "holder", holding(), slog.Group("in", "secret", s))
		logger.Error("failed", "error", errors.Join(fmt.Errorf("cause %v", s)))
	}
	log.New(&out, "", 0).Println(s, holding())
	text, err := json.Marshal(holding())
	if err != nil {
		t.Fatal(err)
	}
	out.Write(text)
	if err := xml.NewEncoder(&out).Encode(encoded{s}); err != nil {
		t.Fatal(err)
	}
	if err := gob.NewEncoder(&out).Encode(encoded{s}); err == nil {
		t.Error("gob stores a Secret")
	}
	kitetest.NoSecretIn(t, "logs and encodings", out.String(), canary)
	if !bytes.Contains(out.Bytes(), []byte(kite.Mask)) {
		t.Error("nothing was masked")
	}
}

func TestMaskTellsNoLength(t *testing.T) {
	if kite.NewSecret("a").String() != kite.NewSecret(canary).String() {
		t.Error("masks differ")
	}
	if got := kite.NewSecret("").String() + (kite.Secret{}).String(); got != "" {
		t.Errorf("nothing stored prints %q", got)
	}
}

func TestSecretKeepsItsOwnCopy(t *testing.T) {
	source := []byte(canary)
	s := kite.SecretBytes(source)
	clear(source)
	if s.Reveal() != canary || s.Empty() || !s.Equal(kite.NewSecret(canary)) || s.Equal(kite.NewSecret("other")) || s.Equal(kite.Secret{}) {
		t.Error("the secret isn't what it was made of")
	}
	copied := s
	s.Wipe()
	if copied.Reveal() == canary {
		t.Error("Wipe left a copy of the struct readable")
	}
	var none kite.Secret
	none.Wipe()
	if !none.Empty() || none.Reveal() != "" || len(none.Bytes()) != 0 || !none.Equal(kite.NewSecret("")) {
		t.Error("the zero Secret isn't empty")
	}
}
