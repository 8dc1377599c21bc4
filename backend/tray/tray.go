//go:build linux || windows || (darwin && cgo)

package tray

import (
	"context"
	"log/slog"
	"strings"
	"sync"

	"fyne.io/systray"
)

// Tray is the icon and its menu; one per process. Set the callbacks before
// Run; none of them may block.
type Tray struct {
	OnChange func() // Present tells something else now
	Opened   func() // the menu opens, where the tray tells; a moment to Show words of now

	log     *slog.Logger
	chosen  func(Choice)
	mu      sync.Mutex
	menu    Menu
	items   *items // while Run runs
	present bool
	platform
}

// items are the menu's, top to bottom. They are made once: what isn't needed is
// hidden, so that an open menu keeps its shape.
type items struct {
	icon    *byte // the first byte of what is shown
	line    *item
	entries [mostEntries + 1]*item
	all     *item
}

// New returns a tray that tells choices; a click on the icon opens the window,
// or the menu where that is the custom.
func New(log *slog.Logger, chosen func(Choice)) *Tray {
	return &Tray{log: log, chosen: chosen, OnChange: func() {}, Opened: func() {}, platform: newPlatform()}
}

// Show shows a menu from now on. An equal one costs nothing.
func (t *Tray) Show(m Menu) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.menu = m
	t.apply()
}

// Present says whether a tray shows the icon.
func (t *Tray) Present() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.present
}

func (t *Tray) setPresent(present bool) {
	t.mu.Lock()
	same := t.present == present
	t.present = present
	t.mu.Unlock()
	if !same {
		t.log.Info("tray", "shown", present)
		t.OnChange()
	}
}

// build makes the menu. The library takes it before its start on Linux, and
// after it elsewhere.
func (t *Tray) build() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if clickOpens {
		// On Windows it is called by the thread that draws the icon.
		systray.SetOnTapped(func() { go t.chosen(Choice{}) })
	}
	i := &items{line: addItem(nil)}
	for n := range i.entries {
		i.entries[n] = addItem(func() { t.clicked(n) })
	}
	systray.AddSeparator()
	i.all = addItem(t.clickedAll)
	addItem(func() { t.chosen(Choice{}) }).set("Open", true)
	addItem(func() { t.chosen(Choice{Do: preferences}) }).set("Preferences", true)
	systray.AddSeparator()
	addItem(func() { t.chosen(Choice{Quit: true}) }).set("Quit", true)
	t.items = i
	t.apply()
}

// remove takes the menu apart; the goroutines of its items end.
func (t *Tray) remove() {
	t.letGo()
	systray.ResetMenu()
	t.setPresent(false)
}

// letGo leaves the menu as it is from now on.
func (t *Tray) letGo() {
	t.mu.Lock()
	t.items = nil
	t.mu.Unlock()
}

// apply shows t.menu; t.mu is held.
func (t *Tray) apply() {
	i := t.items
	if i == nil {
		return
	}
	if icon := iconOf(t.menu.State); &icon[0] != i.icon {
		setIcon(icon)
		i.icon = &icon[0]
	}
	if i.line.text != label(t.menu.Line) {
		systray.SetTooltip(t.menu.Line)
	}
	i.line.set(t.menu.Line, false)
	for n, item := range i.entries {
		text := ""
		if n < len(t.menu.Entries) {
			text = t.menu.Entries[n].Text
		}
		item.set(text, true)
	}
	i.all.set("Log in all", t.menu.LogInAll)
}

// setIcon survives a bus that died: there the library keeps the icon for its
// next start and then panics.
func setIcon(icon []byte) {
	defer func() { _ = recover() }()
	systray.SetIcon(icon)
}

func (t *Tray) clicked(n int) {
	t.mu.Lock()
	shown := n < len(t.menu.Entries)
	var choice Choice
	if shown {
		choice.Do = t.menu.Entries[n].Do
	}
	t.mu.Unlock()
	if shown {
		t.chosen(choice)
	}
}

func (t *Tray) clickedAll() {
	t.mu.Lock()
	enabled := t.menu.LogInAll
	t.mu.Unlock()
	if enabled { // a click may be older than the menu
		t.chosen(Choice{Do: logInAll})
	}
}

// tellOpened passes on that the menu opens until ctx ends.
func (t *Tray) tellOpened(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-systray.TrayOpenedCh:
			t.Opened()
		}
	}
}

// item is one line of the menu as it is shown now.
type item struct {
	native  *systray.MenuItem
	text    string
	enabled bool
	hidden  bool
}

// addItem adds an empty, hidden item.
func addItem(click func()) *item {
	i := &item{native: systray.AddMenuItem("", ""), enabled: true, hidden: true}
	i.native.Hide()
	if click != nil {
		go func() {
			for range i.native.ClickedCh {
				click()
			}
		}()
	}
	return i
}

// set changes what differs; without a text the item is hidden. A hidden one is
// left alone: on Windows every change shows it.
func (i *item) set(text string, enabled bool) {
	if text = label(text); text == "" {
		if !i.hidden {
			i.hidden = true
			i.native.Hide()
		}
		return
	}
	if text != i.text {
		i.native.SetTitle(text)
		i.text = text
	}
	if enabled != i.enabled {
		i.enabled = enabled
		if enabled {
			i.native.Enable()
		} else {
			i.native.Disable()
		}
	}
	if i.hidden {
		i.hidden = false
		i.native.Show()
	}
}

// label escapes what menus take for the mark of an access key.
func label(text string) string {
	if accessKey == "" {
		return text
	}
	return strings.ReplaceAll(text, accessKey, accessKey+accessKey)
}
