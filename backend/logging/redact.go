package logging

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// secretNames are parts of attribute names whose values are never written,
// compared without case, "_" and "-".
var secretNames = []string{
	"accesstoken", "requesttoken", "refreshtoken", "publictoken", "enctoken", "secret", "password", "passphrase",
	"totp", "twofa", "authorization", "checksum", "sessid", "cookie", "redirecturl", "redirectparams", "loginstate",
}

// secretParams are the same as they turn up in texts: as query parameters,
// form fields and JSON keys.
const secretParams = `(?:access|request|refresh|public|csrf)[_-]?token|enctoken|api[_-]?secret|password|passphrase|totp|` +
	`twofa[_-]?value|checksum|sess[_-]?id|redirect[_-]?params|authorization`

// A value is quoted, quoted within a quoted text, or ends where a word does.
const value = `(?:"(?:[^"\\]|\\.)*"|\\+"[^"]*"|'[^']*'|["']?[^\s"'&,;}\]]+)`

var (
	header = regexp.MustCompile(`(?i)\b(token\s+[a-z0-9]+:|bearer\s+)[^\s"'\]]+`)
	inText = regexp.MustCompile(`(?i)((?:` + secretParams + `)\\*["']?\s*(?:=|:|%3D)\s*)` + value)
	state  = regexp.MustCompile(`(?i)((?:[?&]|%26)state(?:=|%3D))[^\s"'&%]+`)
	sealer = regexp.MustCompile(`\b(kek[0-9]+:)[A-Za-z0-9+/_=-]+`)
)

// longest bounds a text in the log, in bytes: what is longer was pasted or
// fetched and isn't for a log.
const longest = 16 << 10

// hints are what every pattern needs to match, in lower case. Most lines have
// none of them, and then cost no search.
var hints = []string{
	"token", "bearer", "secret", "password", "passphrase", "totp", "twofa", "checksum", "sess", "redirect", "authorization", "state", "kek",
}

// Redact masks what looks like a secret in a text: Kite's tokens and their
// header, passwords, our state on a login URL, a key as the keyring holds it.
func Redact(text string) string {
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "… (cut)"
	}
	lower := strings.ToLower(text)
	if !slices.ContainsFunc(hints, func(hint string) bool { return strings.Contains(lower, hint) }) {
		return text
	}
	for _, pattern := range []*regexp.Regexp{header, inText, state, sealer} {
		text = pattern.ReplaceAllString(text, "${1}"+kite.Mask)
	}
	return text
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
	if namesSecret(a.Key) {
		return slog.String(a.Key, kite.Mask)
	}
	if value.Kind() == slog.KindGroup {
		group := value.Group()
		clean := make([]slog.Attr, len(group))
		for i, g := range group {
			clean[i] = redactAttr(g)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(clean...)}
	}
	switch value.Kind() {
	case slog.KindString:
		return slog.String(a.Key, Redact(value.String()))
	case slog.KindAny:
		return slog.String(a.Key, Redact(fmt.Sprintf("%+v", value.Any())))
	default:
		return slog.Attr{Key: a.Key, Value: value}
	}
}

var plainName = strings.NewReplacer("_", "", "-", "")

func namesSecret(key string) bool {
	key = plainName.Replace(strings.ToLower(key))
	if key == "token" {
		return true
	}
	for _, name := range secretNames {
		if strings.Contains(key, name) {
			return true
		}
	}
	return false
}
