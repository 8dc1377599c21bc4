package logging_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/logging"
)

const canary = "Canary7f3a91bb"

// leaks are texts as other code may write them, each with the canary where a
// secret would be.
//
//nolint:gosec // no credentials
var leaks = map[string]string{
	"failed request":          `Delete "https://api.kite.trade/session/token?access_token=CANARY&api_key=KEY": dial tcp: refused`,
	"token last":              `https://api.kite.trade/session/token?api_key=KEY&access_token=CANARY`,
	"redirect":                `opening http://127.0.0.1:51730/kite/callback?status=success&request_token=CANARY&state=s`,
	"our state":               `opening https://kite.zerodha.com/connect/login?v=3&state=CANARY`,
	"login page":              `https://kite.zerodha.com/connect/login?api_key=K&redirect_params=state%3DCANARY&v=3`,
	"address within another":  `https://x/?next=http%3A%2F%2F127.0.0.1%2F%3Frequest_token%3DCANARY`,
	"state within another":    `https://x/?next=http%3A%2F%2F127.0.0.1%2F%3Fa%3Db%26state%3DCANARY`,
	"session of the login":    `https://kite.zerodha.com/connect/finish?api_key=K&sess_id=CANARY`,
	"form":                    `api_key=K&request_token=CANARY&checksum=CANARY`,
	"header":                  `Authorization: token abc123:CANARY`,
	"header in a command":     `curl -H "Authorization: token abc123:CANARY" https://x`,
	"headers as a map":        `map[Authorization:[token abc123:CANARY] X-Kite-Version:[3]]`,
	"header's value":          `sent token abc123:CANARY`,
	"bearer":                  `authorization: Bearer CANARY`,
	"JSON":                    `{"user_id":"AB1234","access_token":"CANARY","public_token": "CANARY","enctoken":"CANARY"}`,
	"JSON with spaces within": `{"password":"my CANARY word","api_secret":"a \"CANARY\""}`,
	"JSON within JSON":        `{"body":"{\"access_token\":\"CANARY\",\"totp\":\"CANARY\"}"}`,
	"camel case":              `{"accountName":"x","apiSecret":"CANARY","refreshToken":"CANARY"}`,
	"struct":                  `{UserID:AB1234 AccessToken:CANARY}`,
	"single quotes":           `password='my CANARY'`,
	"cut short":               `{"access_token":"CANARY`,
	"capitals":                `ACCESS_TOKEN=CANARY`,
	"second factor":           `twofa_value=CANARY`,
	"key of the vault":        `keyring holds kek1:CANARY+/=`,
}

func logged(t *testing.T, write func(*slog.Logger)) string {
	t.Helper()
	var out bytes.Buffer
	write(logging.New(&out))
	for line := range strings.SplitSeq(strings.TrimSpace(out.String()), "\n") {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
	return out.String()
}

func TestSecretsInTextsAreMasked(t *testing.T) {
	for name, text := range leaks {
		text = strings.ReplaceAll(text, "CANARY", canary)
		t.Run(name, func(t *testing.T) {
			out := logged(t, func(log *slog.Logger) {
				log.Info(text)
				log.Error("x", "error", errors.New(text), "wrapped", fmt.Errorf("save: %w", kite.Errorf(kite.EDATA, "x").Because(errors.New(text))))
				log.Warn("x", "text", text, slog.Group("group", "text", text, slog.Group("deeper", "error", errors.New(text))))
				log.With("text", text).WithGroup("g").With("more", text).Debug("x", "again", text)
				log.Info("x", "any", []string{text}, "bytes", json.RawMessage(text), "stringer", stringer{text}, "valuer", valuer{text})
			})
			kitetest.NoSecretIn(t, "the log", out, canary)
			if !strings.Contains(out, kite.Mask) {
				t.Error("nothing was masked")
			}
		})
	}
}

type stringer struct{ text string }

func (s stringer) String() string { return s.text }

type valuer struct{ text string }

func (v valuer) LogValue() slog.Value {
	return slog.GroupValue(slog.String("text", v.text), slog.String("access_token", canary))
}

func TestSecretsUnderTheirNamesAreMasked(t *testing.T) {
	for _, name := range []string{
		"access_token", "accessToken", "Access-Token", "request_token", "refresh_token", "public_token", "enctoken", "token", "api_secret", "apiSecret",
		"secret", "password", "userPassword", "passphrase", "totp", "totp_secret", "Authorization", "checksum", "Cookie", "sess_id", "redirectUrl", "login_state",
	} {
		out := logged(t, func(log *slog.Logger) {
			log.Info("x", name, canary)
			log.Info("x", name, []byte(canary))
			log.Info("x", slog.Group(name, "a", canary), slog.Group("g", name, canary))
			log.With(name, canary).WithGroup("g").With(name, url.Values{"a": {canary}}).Info("x", name, http.Header{"A": {canary}})
		})
		kitetest.NoSecretIn(t, "the log under "+name, out, canary)
	}
}

func TestWhatIsNoSecretIsKept(t *testing.T) {
	out := logged(t, func(log *slog.Logger) {
		log.Info("session saved", "account", "0c7f", "user", "AB1234", "state", "keyringLocked", "took", 12, "has_access", true)
		log.Warn("request_token exchange refused", "error", errors.New("EBROKER: Kite no longer accepts this login: its request_token was used"))
		log.Info("GET /user/profile?state=open", "group", slog.GroupValue(slog.Int("tries", 3)))
	})
	for _, want := range []string{"session saved", "0c7f", "AB1234", "keyringLocked", `"took":12`, `"has_access":true`, "request_token exchange refused", "was used", `"tries":3`} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in %s", want, out)
		}
	}
}

func TestRedactingTwiceChangesNothing(t *testing.T) {
	for name, text := range leaks {
		once := logging.Redact(text)
		if twice := logging.Redact(once); twice != once {
			t.Errorf("%s: %q, then %q", name, once, twice)
		}
	}
}

func TestLongTextsAreCut(t *testing.T) {
	out := logged(t, func(log *slog.Logger) { log.Info("x", "pasted", strings.Repeat("é", 1<<20)) })
	if len(out) > 20<<10 || !strings.Contains(out, "(cut)") {
		t.Errorf("wrote %d bytes", len(out))
	}
	text := strings.Repeat("x", 16<<10-20) + "access_token=" + canary
	if got := logging.Redact(text); strings.Contains(got, canary[:5]) {
		t.Error("half a token was left at the cut")
	}
}

// FuzzRedact looks for a panic, and for a token that survives in a query
// whatever surrounds it.
func FuzzRedact(f *testing.F) {
	f.Add("before ", " after")
	f.Add(`{"a":"`, `"}`)
	f.Add("token ", ":")
	f.Fuzz(func(t *testing.T, before, after string) {
		if strings.Contains(before+after, canary) || len(before+after) > 1<<10 {
			return
		}
		text := before + "?access_token=" + canary + "&" + after
		if strings.Contains(logging.Redact(text), canary) {
			t.Errorf("the token survived in %q", text)
		}
	})
}
