package logging

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// secretNames are attributes and parameters whose values are never written,
// compared without case, "_" and "-".
var secretNames = []string{
	"accesstoken", "requesttoken", "refreshtoken", "publictoken", "enctoken", "apisecret", "secret", "password", "passphrase",
	"totp", "authorization", "checksum", "sessid",
}

const secretParams = `access_token|request_token|refresh_token|public_token|enctoken|api_secret|password|passphrase|totp|twofa_value|checksum|sess_id|redirect_params`

var (
	inText = regexp.MustCompile(`(?i)((?:` + secretParams + `)["']?\s*[=:]\s*["']?)[^\s"'&,}]+`)
	header = regexp.MustCompile(`(?i)\btoken [A-Za-z0-9]+:[A-Za-z0-9]+`)
)

// Redact masks what looks like a secret in a text.
func Redact(text string) string {
	text = inText.ReplaceAllString(text, "${1}"+kite.Mask)
	return header.ReplaceAllString(text, "token "+kite.Mask)
}

// redactor masks on the way to the handler below it.
type redactor struct{ next slog.Handler }

var _ slog.Handler = redactor{}

func (r redactor) Enabled(ctx context.Context, l slog.Level) bool { return r.next.Enabled(ctx, l) }

func (r redactor) Handle(ctx context.Context, record slog.Record) error {
	clean := slog.NewRecord(record.Time, record.Level, Redact(record.Message), record.PC)
	record.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(redactAttr(a))
		return true
	})
	return r.next.Handle(ctx, clean)
}

func (r redactor) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = redactAttr(a)
	}
	return redactor{r.next.WithAttrs(clean)}
}

func (r redactor) WithGroup(name string) slog.Handler { return redactor{r.next.WithGroup(name)} }

func redactAttr(a slog.Attr) slog.Attr {
	value := a.Value.Resolve()
	if value.Kind() == slog.KindGroup {
		group := value.Group()
		clean := make([]slog.Attr, len(group))
		for i, g := range group {
			clean[i] = redactAttr(g)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(clean...)}
	}
	if namesSecret(a.Key) {
		return slog.String(a.Key, kite.Mask)
	}
	switch value.Kind() {
	case slog.KindString:
		return slog.String(a.Key, Redact(value.String()))
	case slog.KindAny:
		return slog.String(a.Key, Redact(fmt.Sprint(value.Any())))
	default:
		return slog.Attr{Key: a.Key, Value: value}
	}
}

var plainName = strings.NewReplacer("_", "", "-", "")

func namesSecret(key string) bool {
	key = plainName.Replace(strings.ToLower(key))
	for _, name := range secretNames {
		if key == name {
			return true
		}
	}
	return false
}
