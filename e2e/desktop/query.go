package desktop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Query picks elements. Empty fields don't matter.
type Query struct {
	Roles    []string // any of these
	Name     string   // the exact accessible name
	NameHas  string   // a part of it
	TextHas  string   // a part of what the element itself shows, or of its name
	State    State    // all of these
	InWindow string   // only in windows whose title contains this
	Within   *Query   // only somewhere below an element that this picks
	Has      *Query   // only with an element below that this picks
}

// String is the query in words, for messages.
func (q Query) String() string {
	words := []string{}
	if len(q.Roles) > 0 {
		words = append(words, strings.Join(q.Roles, " or "))
	}
	for _, part := range []struct{ label, value string }{
		{"", q.Name}, {"with a name that has", q.NameHas}, {"with the text", q.TextHas}, {"in the window", q.InWindow},
	} {
		if part.value != "" {
			words = append(words, strings.TrimSpace(fmt.Sprintf("%s %q", part.label, part.value)))
		}
	}
	if q.State != 0 {
		words = append(words, fmt.Sprintf("in state %#x", uint64(q.State)))
	}
	if q.Has != nil {
		words = append(words, "that has "+q.Has.String())
	}
	if q.Within != nil {
		words = append(words, "within "+q.Within.String())
	}
	return strings.Join(words, " ")
}

// matches judges one element, without its surroundings.
func (q Query) matches(e *Element) bool {
	return (len(q.Roles) == 0 || slices.Contains(q.Roles, e.Role)) &&
		(q.Name == "" || e.Name == q.Name) &&
		strings.Contains(e.Name, q.NameHas) &&
		(strings.Contains(e.Text, q.TextHas) || strings.Contains(e.Name, q.TextHas)) &&
		e.Is(q.State) && (ofPage(e.ref) || e.Is(Showing)) && // a page may be scrolled, and has nothing that is hidden
		(q.Has == nil || len(q.Has.In(e)) > 0)
}

// In returns all elements below root that the query picks, parents first.
func (q Query) In(root *Element) []*Element {
	if root == nil {
		return nil
	}
	var found []*Element
	root.All(func(e *Element) bool {
		if q.matches(e) && q.placed(e) {
			found = append(found, e)
		}
		return true
	})
	return found
}

func (q Query) placed(e *Element) bool {
	inWindow, within := q.InWindow == "", q.Within == nil
	for p := e; p != nil && (!inWindow || !within); p = p.Parent {
		inWindow = inWindow || ((p.Role == "frame" || p.Role == "dialog" || p.Role == "window") && p.Parent != nil &&
			p.Parent.Parent == nil && strings.Contains(p.Name, q.InWindow))
		within = within || (p != e && q.Within.matches(p) && q.Within.placed(p))
	}
	return inWindow && within
}

// Find looks once; nil if there is none.
func (d *Desktop) Find(pid int, q Query) (*Element, error) {
	root, err := d.Look(pid)
	if err != nil {
		return nil, err
	}
	if found := q.In(root); len(found) > 0 {
		return found[0], nil
	}
	return nil, nil
}

// Await waits until the query picks something.
func (d *Desktop) Await(pid int, q Query, limit time.Duration) (*Element, error) {
	var found *Element
	err := Await(q.String(), limit, func() bool {
		found, _ = d.Find(pid, q)
		return found != nil
	})
	return found, err
}

// PressWhenThere waits for what the query picks and presses it, again if the
// page replaced it meanwhile.
func (d *Desktop) PressWhenThere(pid int, q Query, limit time.Duration) error {
	var problem error
	err := Await("press "+q.String(), limit, func() bool {
		e, err := d.Find(pid, q)
		if err != nil || e == nil {
			problem = err
			return false
		}
		problem = d.Press(e)
		return problem == nil
	})
	return errors.Join(err, problem)
}

// AwaitGone waits until the query picks nothing any more.
func (d *Desktop) AwaitGone(pid int, q Query, limit time.Duration) error {
	return Await(q.String()+" to go", limit, func() bool {
		root, whole, err := d.look(pid)
		return err == nil && whole && len(q.In(root)) == 0
	})
}
