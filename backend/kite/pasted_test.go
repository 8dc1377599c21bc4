package kite_test

import (
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

func TestParsePasted(t *testing.T) {
	for name, text := range map[string]string{
		"redirect URL":            good,
		"with white space around": " \t" + good + "\r\n",
		"bare token":              token,
		"bare token with a break": token + "\n",
		"shortest token":          strings.Repeat("a", 8),
	} {
		redirect, err := kite.ParsePasted(text, callback, state)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := redirect.RequestToken.Reveal(); !strings.Contains(text, got) || len(got) < 8 {
			t.Errorf("%s: token %q", name, got)
		}
	}
}

func TestParsePastedRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"nothing":                   {" \n", "neither"},
		"a word too short":          {"abc1234", "neither"},
		"two tokens":                {token + " " + token, "neither"},
		"token with a sign":         {token + "-", "neither"},
		"token of other letters":    {strings.Replace(token, "t", "ṭ", 1), "neither"},
		"parameter":                 {"request_token=" + token, "neither"},
		"URL without scheme":        {strings.TrimPrefix(good, "http://"), "neither"},
		"another site":              {"https://evil.example/?request_token=" + token, "callback URL"},
		"URL without state":         {strings.Replace(good, "&state="+state, "", 1), "doesn't belong"},
		"URL of another login":      {strings.Replace(good, state, "0123456789", 1), "doesn't belong"},
		"URL without token":         {strings.Replace(good, token, "", 1), "no request_token"},
		"URL of a cancelled login":  {callback + "?status=cancelled", "cancelled"},
		"far too long":              {strings.Repeat("a", 1<<20), "far too long"},
		"URL with a line inside it": {strings.Replace(good, "&", "\n&", 1), ""},
	} {
		_, err := kite.ParsePasted(c.text, callback, state)
		e := kite.AsError(err)
		if err == nil || e.Hint == "" || !strings.Contains(e.Message, c.says) {
			t.Errorf("%s: %v", name, err)
		}
		kitetest.NoSecretIn(t, name, e.Error()+e.Hint, token, state)
	}
}

func TestCarriesState(t *testing.T) {
	for raw, want := range map[string]bool{
		good:                                  true,
		callback + "?state=" + state:          true,
		"https://evil.example?state=" + state: true,
		callback:                              false,
		callback + "?state=":                  false,
		good + "&state=" + state:              false,
		callback + "?state=" + state + "0":    false,
		callback + "?%zz&state=" + state:      false,
		"\x00":                                false,
	} {
		if got := kite.CarriesState(raw, state); got != want {
			t.Errorf("CarriesState(%q) = %t", raw, got)
		}
	}
	if kite.CarriesState(callback+"?state=", "") {
		t.Error("no state is a state")
	}
}

// FuzzParsePasted checks that whatever is taken is a token of Kite's form that
// stood in the text: alone, or on the callback URL with our state.
func FuzzParsePasted(f *testing.F) {
	for _, seed := range []string{good, token, " " + token, "", "http://", good + "#x", callback + "?status=success&request_token=" + token,
		"https://evil.example/?request_token=" + token + "&state=" + state, "127.0.0.1:51730/kite/callback?request_token=" + token} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		redirect, err := kite.ParsePasted(text, callback, state)
		if err != nil {
			if e := kite.AsError(err); e.Message == "" || e.Code == kite.EINTERNAL || !redirect.RequestToken.Empty() {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		got, trimmed := redirect.RequestToken.Reveal(), strings.TrimSpace(text)
		if len(got) < 8 || len(got) > 128 || strings.ContainsAny(got, " \n:/?&=%") {
			t.Fatalf("%q: token %q", text, got)
		}
		if got != trimmed && (!kite.MatchesCallback(trimmed, callback) || !kite.CarriesState(trimmed, state)) {
			t.Fatalf("%q was taken", text)
		}
	})
}
