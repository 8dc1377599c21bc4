package autostart

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The Desktop Entry and Autostart specifications,
// https://specifications.freedesktop.org/desktop-entry-spec/latest/ and
// https://specifications.freedesktop.org/autostart-spec/latest/.

var errUnwritable = errors.New("the path can't be written into a desktop file")

// desktopFile is the text of the autostart file. NoDisplay keeps it out of
// menus, where the window has an entry of its own; TryExec has desktops pass
// over it silently once the program was removed.
func desktopFile(program string, args []string) (string, error) {
	command, err := execLine(program, args)
	if err != nil {
		return "", err
	}
	return `[Desktop Entry]
Type=Application
Version=1.0
Name=` + appName + `
Comment=Reminds of Kite sessions that end, from the tray
TryExec=` + valueEscapes.Replace(program) + `
Exec=` + command + `
Icon=` + ID + `
Terminal=false
NoDisplay=true
StartupNotify=false
X-GNOME-Autostart-enabled=true
`, nil
}

// execLine quotes a command for the Exec key: each argument in double quotes
// with ", `, $ and \ escaped, % doubled, and all of that escaped once more as a
// string value. GLib doesn't find a program with a % in its path, and the
// specification allows none with a =: a shell starts those.
func execLine(program string, args []string) (string, error) {
	command := append([]string{program}, args...)
	if strings.ContainsAny(program, "%=") {
		command = append([]string{"/bin/sh", "-c", `exec "$0" "$@"`}, command...)
	}
	quoted := make([]string, 0, len(command))
	for _, arg := range command {
		if !utf8.ValidString(arg) || strings.ContainsFunc(arg, unicode.IsControl) {
			return "", errUnwritable
		}
		if needsQuotes(arg) {
			arg = `"` + quoting.Replace(arg) + `"`
		}
		quoted = append(quoted, valueEscapes.Replace(strings.ReplaceAll(arg, "%", "%%")))
	}
	return strings.Join(quoted, " "), nil
}

var (
	quoting      = strings.NewReplacer(`"`, `\"`, "`", "\\`", "$", `\$`, `\`, `\\`)
	valueEscapes = strings.NewReplacer(`\`, `\\`)
)

// needsQuotes says whether an argument has one of the reserved characters.
func needsQuotes(arg string) bool {
	return arg == "" || strings.ContainsAny(arg, " \t\n\"'\\><~|&;$*?#()`=") || strings.ContainsFunc(arg, unicode.IsSpace)
}

// switchedOn says whether a desktop file starts that very command line.
func switchedOn(text, command string) bool {
	keys := entryKeys(text)
	return keys["Exec"] == command && keys["Type"] == "Application" &&
		keys["Hidden"] != "true" && keys["X-GNOME-Autostart-enabled"] != "false" &&
		keys["OnlyShowIn"] == "" && keys["NotShowIn"] == ""
}

// entryKeys are the keys of the group Desktop Entry.
func entryKeys(text string) map[string]string {
	keys := map[string]string{}
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			inside = line == "[Desktop Entry]"
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if inside && ok && !strings.HasPrefix(line, "#") {
			keys[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return keys
}
