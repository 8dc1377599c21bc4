package desktop

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Screenshot saves the whole screen as a PNG.
func (d *Desktop) Screenshot(path string) error { return d.Picture("root", path) }

// Picture saves a picture of one window, without its frame, as PNG.
func (d *Desktop) Picture(windowID, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // pictures to look at
		return fmt.Errorf("save picture: %w", err)
	}
	shot := d.Path("tmp/screenshot.png")
	defer func() { _ = os.Remove(shot) }()
	if _, err := d.Command("", "import", "-window", windowID, shot); err != nil {
		return fmt.Errorf("save picture: %w", err)
	}
	picture, err := os.ReadFile(shot) //nolint:gosec // just made
	if err != nil {
		return fmt.Errorf("save picture: %w", err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil { //nolint:gosec // a picture to look at
		return fmt.Errorf("save picture: %w", err)
	}
	return nil
}

// AwaitStill waits until the screen looks the same twice: all that has just
// appeared is drawn.
func (d *Desktop) AwaitStill() error {
	whole := Rectangle{Width: int32(d.options.Width), Height: int32(d.options.Height)} //nolint:gosec // pixels
	before := ""
	return Await("a still screen", serviceDeadline, func() bool {
		now, err := d.looks(whole)
		still := err == nil && now == before
		before = now
		return still
	})
}

// Click presses the left mouse button at a point of the screen.
func (d *Desktop) Click(x, y int) error {
	_, err := d.Command("", "xdotool", "mousemove", "--sync", strconv.Itoa(x), strconv.Itoa(y), "click", "1")
	return err
}

// Key presses keys by X's names, such as Tab, Escape or ctrl+a.
func (d *Desktop) Key(keys ...string) error {
	_, err := d.Command("", "xdotool", append([]string{"key", "--delay", "15"}, keys...)...)
	return err
}

// Type types a text into whatever has the keyboard. The text isn't given as
// an argument, since everyone could read it there.
func (d *Desktop) Type(text string) error {
	_, err := d.Command(text, "xdotool", "type", "--delay", "8", "--file", "-")
	return err
}

// Window is a top-level window on the screen.
type Window struct {
	ID    string // X's
	Title string
	PID   int
}

// Windows lists the visible top-level windows.
func (d *Desktop) Windows() ([]Window, error) {
	out, err := d.Command("", "xprop", "-root", "_NET_CLIENT_LIST")
	if err != nil {
		return nil, fmt.Errorf("list windows: %w", err)
	}
	_, ids, _ := strings.Cut(out, "#")
	var windows []Window
	for id := range strings.SplitSeq(ids, ",") {
		if id = strings.TrimSpace(id); id == "" {
			continue
		}
		title, err := d.Command("", "xdotool", "getwindowname", id)
		if err != nil {
			continue // closed meanwhile
		}
		pid, _ := d.Command("", "xdotool", "getwindowpid", id)
		number, _ := strconv.Atoi(strings.TrimSpace(pid))
		windows = append(windows, Window{id, strings.TrimSpace(title), number})
	}
	return windows, nil
}

// WindowOf waits for a window whose title contains the text.
func (d *Desktop) WindowOf(title string) (Window, error) {
	var found Window
	err := Await("window "+strconv.Quote(title), serviceDeadline, func() bool {
		windows, err := d.Windows()
		if err != nil {
			return false
		}
		for _, w := range windows {
			if strings.Contains(w.Title, title) {
				found = w
				return true
			}
		}
		return false
	})
	return found, err
}

// Activate gives a window the keyboard.
func (d *Desktop) Activate(w Window) error {
	if d.IsActive(w) {
		return nil
	}
	_, err := d.Command("", "xdotool", "windowactivate", "--sync", w.ID)
	return err
}

// IsActive says whether the window has the keyboard.
func (d *Desktop) IsActive(w Window) bool {
	active, err := d.Command("", "xdotool", "getactivewindow")
	if err != nil {
		return false
	}
	a, err := strconv.ParseInt(strings.TrimSpace(active), 0, 64)
	if err != nil {
		return false
	}
	b, err := strconv.ParseInt(w.ID, 0, 64)
	return err == nil && a == b
}

// CloseWindow closes a window as a user does, and again if that was lost;
// xdotool's own windowclose would destroy it under its program instead.
func (d *Desktop) CloseWindow(w Window) error {
	var err error
	for range 4 {
		if err = d.Activate(w); err == nil {
			err = d.Key("alt+F4")
		}
		if Await("the window to close", closeDeadline, func() bool { return !d.has(w) }) == nil {
			return nil
		}
	}
	return errors.Join(err, fmt.Errorf("%q doesn't close", w.Title))
}

func (d *Desktop) has(w Window) bool {
	windows, err := d.Windows()
	return err != nil || slices.ContainsFunc(windows, func(other Window) bool { return other.ID == w.ID })
}

// Resize sets the size of a window's contents.
func (d *Desktop) Resize(w Window, width, height int) error {
	_, err := d.Command("", "xdotool", "windowsize", "--sync", w.ID, strconv.Itoa(width), strconv.Itoa(height))
	return err
}

// Clipboard reads what a paste would give; empty if nobody owns it.
func (d *Desktop) Clipboard() string {
	out, err := d.paste()
	if err != nil {
		return ""
	}
	return out
}

// ClipboardTargets are the formats that the clipboard's owner offers.
func (d *Desktop) ClipboardTargets() []string {
	out, err := d.paste("-t", "TARGETS")
	if err != nil {
		return nil
	}
	return strings.Fields(out)
}

// paste gives up in the end: an owner that goes while it is asked is waited for
// without end.
func (d *Desktop) paste(options ...string) (string, error) {
	return d.Command("", "timeout", append([]string{"10", "xclip", "-selection", "clipboard", "-o"}, options...)...)
}

// SetClipboard copies a text as another program would.
func (d *Desktop) SetClipboard(text string) error {
	// xclip stays to serve the text: as the desktop's process it ends with it.
	p, err := d.run("xclip", strings.NewReader(text), d.Env(), "xclip", "-selection", "clipboard", "-i", "-quiet")
	if err != nil {
		return err
	}
	return errors.Join(Await("clipboard", serviceDeadline, func() bool { return d.Clipboard() == text }), p.failed())
}

func (p *Process) failed() error {
	if p.ended() {
		return fmt.Errorf("%s ended: %s", p.Name, p.Text())
	}
	return nil
}
