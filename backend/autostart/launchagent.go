package autostart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// errNotInstalled says why a program that is gone tomorrow isn't started then.
var errNotInstalled = kite.Errorf(kite.EINVALID, "Kite Accounts runs from a place that is there for the moment only.").
	WithHint("Move Kite Accounts into the Applications folder, open it there and switch this on again.")

// passing says whether a program's path is a mounted disk image's, or one of
// those from which macOS runs what was downloaded and not moved since
// (App Translocation).
func passing(program string) bool {
	return strings.HasPrefix(program, "/Volumes/") || strings.Contains(program, "/AppTranslocation/")
}

// launchAgent writes a property list that launchd starts at login, once; see
// launchd.plist(5).
func launchAgent(program string, args []string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header + `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>` + ID + `</string>
	<key>ProgramArguments</key>
	<array>
`)
	for _, arg := range append([]string{program}, args...) {
		b.WriteString("\t\t<string>")
		if err := xml.EscapeText(&b, []byte(arg)); err != nil {
			return nil, fmt.Errorf("write launch agent: %w", err)
		}
		b.WriteString("</string>\n")
	}
	b.WriteString(`	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>ProcessType</key>
	<string>Interactive</string>
</dict>
</plist>
`)
	return b.Bytes(), nil
}

// launches says whether a property list of ours starts that very command.
func launches(plist []byte, program string, args []string) bool {
	var read struct {
		Arguments []string   `xml:"dict>array>string"`
		Disabled  []struct{} `xml:"dict>false"`
	}
	return xml.Unmarshal(plist, &read) == nil && len(read.Disabled) == 0 &&
		slices.Equal(read.Arguments, append([]string{program}, args...))
}
