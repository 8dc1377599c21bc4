package notify

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Services cut long texts as they like; beyond these nobody reads on, and D-Bus
// has a limit too.
const (
	longestTitle = 200
	longestBody  = 4000
)

// title is a notice's title in one line.
func title(s string) string { return cut(clean(s, false), longestTitle) }

// body is a notice's body without markup; lines stay.
func body(s string) string { return cut(clean(s, true), longestBody) }

// clean takes out what no account name can hold and every service chokes on:
// bytes that aren't UTF-8 and control characters. D-Bus refuses the former.
func clean(s string, lines bool) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && (!lines || r != '\n') {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

func cut(s string, longest int) string {
	if utf8.RuneCountInString(s) <= longest {
		return s
	}
	return string([]rune(s)[:longest-1]) + "…"
}

// inert makes a text harmless for programs that may take it for an option, for
// rich text or, as PowerShell does within beeep's toasts, for a script. What it
// replaces looks much the same.
func inert(s string) string {
	s = inertly.Replace(s)
	if strings.HasPrefix(s, "-") {
		s = "–" + s[1:]
	}
	return s
}

var inertly = strings.NewReplacer("<", "‹", ">", "›", "&", "＆", `"`, "”", "`", "ˋ", "$", "＄", `\`, "＼")
