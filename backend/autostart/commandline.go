package autostart

import "strings"

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
