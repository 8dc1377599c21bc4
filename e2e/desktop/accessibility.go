package desktop

import (
	"context"
	"fmt"
	"path"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	accessible = "org.a11y.atspi.Accessible"
	textual    = "org.a11y.atspi.Text"
	component  = "org.a11y.atspi.Component"
	action     = "org.a11y.atspi.Action"
	getProp    = "org.freedesktop.DBus.Properties.Get"

	screenCoordinates = uint32(0)
	// lookDeadline bounds one look: an application may hang.
	lookDeadline = 10 * time.Second
	// deepest is how far down a look goes; pages are far flatter.
	deepest = 60
)

func (d *Desktop) children(ctx context.Context, r ref) ([]ref, error) {
	var found []ref
	err := d.a11y.Object(r.Bus, r.Path).CallWithContext(ctx, accessible+".GetChildren", 0).Store(&found)
	return found, err
}

// Look reads everything that the process of that ID shows: its application
// with all windows. It returns nil if it shows nothing (yet).
func (d *Desktop) Look(pid int) (*Element, error) {
	root, _, err := d.look(pid)
	return root, err
}

// look is Look, and says whether all of it was seen: what goes while it is
// looked at takes with it what it was replaced by.
func (d *Desktop) look(pid int) (root *Element, whole bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), lookDeadline)
	defer cancel()
	applications, err := d.children(ctx, registry)
	if err != nil {
		return nil, false, fmt.Errorf("list applications: %w", err)
	}
	for _, r := range applications {
		var owner uint32
		err := d.a11y.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetConnectionUnixProcessID", 0, r.Bus).Store(&owner)
		if err == nil && int(owner) == pid {
			root := &Element{ref: r}
			whole := d.read(ctx, root)
			return root, whole, ctx.Err()
		}
	}
	return nil, true, nil
}

// question is what is asked about one element; the answers come together,
// which makes a look at a large page quick.
type question struct {
	element                                 *Element
	name, role, state, text, children, plug *dbus.Call
}

func (d *Desktop) ask(ctx context.Context, e *Element) question {
	o := d.a11y.Object(e.ref.Bus, e.ref.Path)
	call := func(method string, args ...any) *dbus.Call {
		return o.GoWithContext(ctx, method, 0, make(chan *dbus.Call, 1), args...)
	}
	q := question{
		element:  e,
		name:     call(getProp, accessible, "Name"),
		role:     call(accessible + ".GetRole"),
		state:    call(accessible + ".GetState"),
		children: call(accessible + ".GetChildren"),
	}
	if ofPage(e.ref) {
		// GTK would complain loudly about text asked of what has none; a page
		// only answers with an error.
		q.text = call(textual+".GetText", int32(0), int32(-1))
	} else {
		// A web view is a socket whose page GetChildren leaves out.
		q.plug = call(accessible+".GetChildAtIndex", int32(0))
	}
	return q
}

// ofPage tells a web view's objects, whose paths end in a UUID, from GTK's,
// which are numbered.
func ofPage(r ref) bool { return len(path.Base(string(r.Path))) > 30 }

// take stores the answers, and says whether what is below the element is known.
// One that is gone by now stays empty.
func (q question) take() (known bool) {
	var name dbus.Variant
	if (<-q.name.Done).Store(&name) == nil {
		q.element.Name, _ = name.Value().(string)
	}
	var role uint32
	if (<-q.role.Done).Store(&role) == nil {
		q.element.Role = roleName(role)
	}
	var states []uint32
	if (<-q.state.Done).Store(&states) == nil && len(states) == 2 {
		q.element.State = State(uint64(states[0]) | uint64(states[1])<<32)
	}
	if q.text != nil {
		_ = (<-q.text.Done).Store(&q.element.Text)
	}
	var children []ref
	known = (<-q.children.Done).Store(&children) == nil
	if q.plug != nil {
		var plug ref
		if (<-q.plug.Done).Store(&plug) == nil && len(children) == 0 {
			children = []ref{plug}
		}
	}
	for _, r := range children {
		if r.Path != "/org/a11y/atspi/null" {
			q.element.Children = append(q.element.Children, &Element{ref: r, Parent: q.element})
		}
	}
	return known
}

// read fills the tree level by level, and says whether nothing is missing.
func (d *Desktop) read(ctx context.Context, root *Element) (whole bool) {
	whole = true
	level := []*Element{root}
	for depth := 0; len(level) > 0 && depth < deepest && ctx.Err() == nil; depth++ {
		questions := make([]question, len(level))
		for i, e := range level {
			questions[i] = d.ask(ctx, e)
		}
		level = nil
		for _, q := range questions {
			whole = q.take() && whole
			level = append(level, q.element.Children...)
		}
	}
	return whole
}

// Rectangle is a place on the screen in pixels.
type Rectangle struct{ X, Y, Width, Height int32 }

// Extents is where the element is on the screen now.
func (d *Desktop) Extents(e *Element) (Rectangle, error) {
	ctx, cancel := context.WithTimeout(context.Background(), lookDeadline)
	defer cancel()
	var r Rectangle
	err := d.a11y.Object(e.ref.Bus, e.ref.Path).CallWithContext(ctx, component+".GetExtents", 0, screenCoordinates).Store(&r)
	if err != nil {
		return r, fmt.Errorf("locate %s %q: %w", e.Role, e.Name, err)
	}
	return r, nil
}

// Press does what a click or the space bar would.
func (d *Desktop) Press(e *Element) error {
	ctx, cancel := context.WithTimeout(context.Background(), lookDeadline)
	defer cancel()
	var done bool
	err := d.a11y.Object(e.ref.Bus, e.ref.Path).CallWithContext(ctx, action+".DoAction", 0, int32(0)).Store(&done)
	if err != nil {
		return fmt.Errorf("press %s %q: %w", e.Role, e.Name, err)
	}
	if !done {
		return fmt.Errorf("press %s %q: it has no action", e.Role, e.Name)
	}
	return nil
}

// Focus gives the element the keyboard within its window.
func (d *Desktop) Focus(e *Element) error {
	ctx, cancel := context.WithTimeout(context.Background(), lookDeadline)
	defer cancel()
	var done bool
	err := d.a11y.Object(e.ref.Bus, e.ref.Path).CallWithContext(ctx, component+".GrabFocus", 0).Store(&done)
	if err != nil {
		return fmt.Errorf("focus %s %q: %w", e.Role, e.Name, err)
	}
	return nil
}

// Refresh reads the element anew, without what is below it.
func (d *Desktop) Refresh(e *Element) Element {
	ctx, cancel := context.WithTimeout(context.Background(), lookDeadline)
	defer cancel()
	fresh := Element{ref: e.ref, Parent: e.Parent}
	d.ask(ctx, &fresh).take()
	return fresh
}
