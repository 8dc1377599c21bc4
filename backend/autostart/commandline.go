package autostart

import (
	"strings"
	"unicode/utf16"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// longestRun is the length of what the Run key takes, in UTF-16 units:
// https://learn.microsoft.com/en-us/windows/win32/setupapi/run-and-runonce-registry-keys.
const longestRun = 260

var errTooLong = kite.Errorf(kite.EINVALID, "Windows starts no command of this length with the computer.").
	WithHint("Move Kite Accounts, or the data folder of your own choice, to a folder with a shorter path: both together may have about 200 characters.")

// runLine is commandLine where the Run key takes it, else errTooLong.
func runLine(program string, args []string) (string, error) {
	line := commandLine(program, args)
	if len(utf16.Encode([]rune(line))) > longestRun {
		return "", errTooLong
	}
	return line, nil
}

// commandLine quotes a command as Windows programs take it apart: see "Parsing
// C++ command-line arguments", and syscall.EscapeArg, which is there on Windows
// only. The program itself is always quoted: a Run entry with a space in its
// path would start another program that sits at the path up to the space.
func commandLine(program string, args []string) string {
	var b strings.Builder
	b.WriteString(`"` + program + `"`)
	for _, arg := range args {
		b.WriteString(" " + quoteArg(arg))
	}
	return b.String()
}

// quoteArg doubles backslashes that come before a quote, and escapes quotes.
func quoteArg(arg string) string {
	if arg != "" && !strings.ContainsAny(arg, " \t\"") {
		return arg
	}
	var b strings.Builder
	b.WriteByte('"')
	slashes := 0
	for _, c := range []byte(arg) {
		switch c {
		case '\\':
			slashes++
			continue
		case '"':
			b.WriteString(strings.Repeat(`\`, 2*slashes+1))
		default:
			b.WriteString(strings.Repeat(`\`, slashes))
		}
		slashes = 0
		b.WriteByte(c)
	}
	b.WriteString(strings.Repeat(`\`, 2*slashes) + `"`)
	return b.String()
}

// approved says whether a value of Windows' StartupApproved key lets the entry
// start: its first byte is even unless the user switched the entry off in the
// task manager or the settings. No value is as good.
func approved(value []byte) bool { return len(value) == 0 || value[0]%2 == 0 }
