package cli

import "strings"

// lineFormats are how a shell, or what reads .env files, is told one variable.
var lineFormats = map[string]struct {
	text  string
	quote func(string) string
}{
	"sh":         {"export %s=%s", shQuote},
	"fish":       {"set -gx %s %s", fishQuote},
	"powershell": {"$Env:%s = %s", powershellQuote},
	"dotenv":     {"%s=%s", dotenvQuote},
}

// shQuote writes a word in single quotes, in which nothing means anything; a
// single quote itself stands outside of them. POSIX Shell, 2.2.2.
func shQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// fishQuote knows that within fish's single quotes \' and \\ mean one
// character: https://fishshell.com/docs/current/language.html#quotes.
func fishQuote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// powershellQuote doubles what PowerShell takes for the end of a single-quoted
// string, typographic quotes among it: about_Quoting_Rules, and
// IsSingleQuote in its tokenizer.
func powershellQuote(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range s {
		if strings.ContainsRune("'‘’‚‛", r) {
			b.WriteRune(r)
		}
		b.WriteRune(r)
	}
	b.WriteByte('\'')
	return b.String()
}

// dotenvQuote leaves a value alone that every reader of .env files takes
// literally. Else it uses single quotes, in which most expand nothing, and
// double quotes with backslashes where there is a single quote or a line break
// within: there is no standard.
func dotenvQuote(s string) string {
	switch {
	case s != "" && strings.Trim(s, plainLetters) == "":
		return s
	case !strings.ContainsAny(s, "'\n\r"):
		return "'" + s + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`", "\n", `\n`, "\r", `\r`).Replace(s) + `"`
}

const plainLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/+@%"
