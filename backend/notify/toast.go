package notify

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// toast is the part of Windows' toast schema that we use,
// https://learn.microsoft.com/en-us/uwp/schemas/tiles/toastschema/schema-root.
// We write it ourselves, since go-toast's template escapes no attributes.
type toast struct {
	XMLName    xml.Name      `xml:"toast"`
	Activation string        `xml:"activationType,attr"`
	Launch     string        `xml:"launch,attr"`
	Duration   string        `xml:"duration,attr"`
	Scenario   string        `xml:"scenario,attr,omitempty"`
	Visual     toastVisual   `xml:"visual"`
	Actions    []toastAction `xml:"actions>action"`
}

type toastVisual struct {
	Binding struct {
		Template string   `xml:"template,attr"`
		Texts    []string `xml:"text"`
	} `xml:"binding"`
}

type toastAction struct {
	Activation string `xml:"activationType,attr"`
	Content    string `xml:"content,attr"`
	Arguments  string `xml:"arguments,attr"`
}

// longestToastBody is more than the four lines that Windows shows. It refuses
// what is longer than 5 KB: WPN_E_NOTIFICATION_SIZE.
const longestToastBody = 300

// How a press is taken: both call our activator alike, as
// https://learn.microsoft.com/en-us/windows/apps/design/shell/tiles-and-notifications/send-local-toast-desktop-cpp-wrl
// says. But a reminder stays only if one of its buttons is of the background:
// https://learn.microsoft.com/en-us/uwp/schemas/tiles/toastschema/element-toast.
const (
	inForeground = "foreground"
	inBackground = "background"
)

// toastXML writes a notice whose answers carry the handle.
func toastXML(n kite.Notice, h kite.NoticeHandle) (string, error) {
	t := toast{Activation: inForeground, Launch: argumentsOf(h, n.Open), Duration: "short"}
	if n.Urgent {
		t.Duration, t.Scenario = "long", "reminder" // stays until it is answered
	}
	t.Visual.Binding.Template = "ToastGeneric"
	t.Visual.Binding.Texts = []string{title(n.Title), cut(body(n.Body), longestToastBody)}
	for _, a := range n.Actions {
		activation := inForeground
		if a.Do.Later { // opens nothing
			activation = inBackground
		}
		t.Actions = append(t.Actions, toastAction{activation, title(a.Label), argumentsOf(h, a.Do)})
	}
	out, err := xml.Marshal(t)
	if err != nil {
		return "", fmt.Errorf("write toast: %w", err)
	}
	return oneUnitEach(string(out)), nil
}

// oneUnitEach writes what UTF-16 needs two units for, such as emoji, as
// references. go-ole counts characters where WindowsCreateString takes units,
// and would leave out the end of the text.
func oneUnitEach(text string) string {
	var b strings.Builder
	for _, r := range text {
		if utf8.RuneLen(r) == utf8.UTFMax {
			fmt.Fprintf(&b, "&#x%X;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// toastHandle numbers toasts; Windows gives them no ID.
func toastHandle(number uint64) kite.NoticeHandle {
	return kite.NoticeHandle("toast-" + strconv.FormatUint(number, 10))
}

// argumentsOf is what Windows gives back when a toast or a button is pressed.
func argumentsOf(h kite.NoticeHandle, do kite.Request) string { return string(h) + " " + keyOf(do) }

// parseArguments reads argumentsOf; false for anything else.
func parseArguments(arguments string) (kite.NoticeAnswer, bool) {
	handle, key, _ := strings.Cut(arguments, " ")
	number, counted := strings.CutPrefix(handle, "toast-")
	_, err := strconv.ParseUint(number, 10, 64)
	do, ours := requestOf(key)
	return kite.NoticeAnswer{Handle: kite.NoticeHandle(handle), Do: do}, counted && err == nil && ours
}
