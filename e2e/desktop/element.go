package desktop

import (
	"fmt"
	"io"
	"strings"

	"github.com/godbus/dbus/v5"
)

// ref addresses an accessible object: a connection on the accessibility bus
// and a path there.
type ref struct {
	Bus  string
	Path dbus.ObjectPath
}

// registry's children are the running applications.
var registry = ref{"org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root"}

// State is a set of AT-SPI states.
type State uint64

// The states that tests look at, by AtspiStateType's numbers.
const (
	Checked   State = 1 << 4
	Editable  State = 1 << 7
	Enabled   State = 1 << 8
	Expanded  State = 1 << 10
	Focusable State = 1 << 11
	Focused   State = 1 << 12
	Pressed   State = 1 << 20
	Selected  State = 1 << 23
	Showing   State = 1 << 25
	Visible   State = 1 << 30
	Required  State = 1 << 33
	Invalid   State = 1 << 36 // the entry's value isn't acceptable
)

// stateNames are for the dump.
var stateNames = []struct {
	state State
	name  string
}{
	{Checked, "checked"}, {Expanded, "expanded"}, {Focused, "focused"}, {Pressed, "pressed"},
	{Selected, "selected"}, {Invalid, "invalid"},
}

// Element is one thing on the screen as it was when looked at.
type Element struct {
	Role     string // AT-SPI's name, such as "push button"
	Name     string // accessible name
	Text     string // what the element itself shows, children as U+FFFC
	State    State
	Parent   *Element
	Children []*Element

	ref ref
}

// Is says whether the element had all these states.
func (e *Element) Is(s State) bool { return e.State&s == s }

// All visits the element and everything below it, parents first, until visit
// returns false.
func (e *Element) All(visit func(*Element) bool) bool {
	if !visit(e) {
		return false
	}
	for _, c := range e.Children {
		if !c.All(visit) {
			return false
		}
	}
	return true
}

// Says is all text in and below the element: names and texts, one a line.
func (e *Element) Says() string {
	var b strings.Builder
	e.All(func(x *Element) bool {
		text := strings.TrimSpace(strings.ReplaceAll(x.Text, objectReplacement, ""))
		if text != "" {
			b.WriteString(text + "\n")
		}
		if x.Name != "" && x.Name != text {
			b.WriteString(x.Name + "\n")
		}
		return true
	})
	return b.String()
}

// objectReplacement stands for a child in an element's text.
const objectReplacement = "\uFFFC"

// Dump writes the tree, one element a line.
func (e *Element) Dump(w io.Writer) { e.dump(w, 0) }

func (e *Element) dump(w io.Writer, depth int) {
	var states []string
	for _, s := range stateNames {
		if e.Is(s.state) {
			states = append(states, s.name)
		}
	}
	if !e.Is(Enabled) {
		states = append(states, "disabled")
	}
	if !e.Is(Showing) {
		states = append(states, "hidden")
	}
	_, _ = fmt.Fprintf(w, "%s%s %q", strings.Repeat("  ", depth), e.Role, e.Name)
	if text := strings.ReplaceAll(e.Text, objectReplacement, ""); strings.TrimSpace(text) != "" && text != e.Name {
		_, _ = fmt.Fprintf(w, " text=%q", text)
	}
	_, _ = fmt.Fprintln(w, "", strings.Join(states, ","))
	for _, c := range e.Children {
		c.dump(w, depth+1)
	}
}
