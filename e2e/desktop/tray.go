package desktop

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"slices"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	itemInterface = "org.kde.StatusNotifierItem"
	itemPrefix    = "org.kde.StatusNotifierItem-"
	itemPath      = dbus.ObjectPath("/StatusNotifierItem")
	menuInterface = "com.canonical.dbusmenu"
)

// TrayItem is a program's tray icon as it is on the session bus, whether or
// not a panel shows it:
// https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/.
type TrayItem struct {
	PID      int
	Title    string
	ToolTip  string
	Status   string // Active, Passive or NeedsAttention
	IconName string
	Icon     string // a hash of the largest picture, "" if there is none
	Picture  image.Image

	bus  string
	menu dbus.ObjectPath
}

// Tray waits for the tray icon of the process and reads it. A program may
// still be about to fill it in.
func (d *Desktop) Tray(pid int) (TrayItem, error) {
	return d.AwaitTray(pid, func(TrayItem) bool { return true })
}

// AwaitTray waits until the tray icon of the process is as wanted.
func (d *Desktop) AwaitTray(pid int, wanted func(TrayItem) bool) (TrayItem, error) {
	var item TrayItem
	err := Await(fmt.Sprintf("the tray icon of process %d", pid), trayDeadline, func() bool {
		items, err := d.TrayItems()
		i := slices.IndexFunc(items, func(t TrayItem) bool { return t.PID == pid })
		if err == nil && i >= 0 {
			item = items[i]
		}
		return err == nil && i >= 0 && wanted(item)
	})
	if err != nil {
		item.Picture = nil // nobody can read it
		return item, fmt.Errorf("%w; it is %+v", err, item)
	}
	return item, nil
}

// TrayItems are the tray icons of all programs.
func (d *Desktop) TrayItems() (items []TrayItem, err error) {
	err = d.onBus(func(ctx context.Context, conn *dbus.Conn) error {
		var names []string
		if err := conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListNames", 0).Store(&names); err != nil {
			return err
		}
		for _, name := range names {
			if !strings.HasPrefix(name, itemPrefix) {
				continue
			}
			if item, ok := readItem(ctx, conn, name); ok {
				items = append(items, item)
			}
		}
		return nil
	})
	return items, err
}

func readItem(ctx context.Context, conn *dbus.Conn, bus string) (TrayItem, bool) {
	item := TrayItem{bus: bus}
	var pid uint32
	if conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetConnectionUnixProcessID", 0, bus).Store(&pid) != nil {
		return item, false
	}
	var properties map[string]dbus.Variant
	err := conn.Object(bus, itemPath).CallWithContext(ctx, "org.freedesktop.DBus.Properties.GetAll", 0, itemInterface).Store(&properties)
	if err != nil {
		return item, false // not ready, or gone meanwhile
	}
	item.PID = int(pid)
	item.Title, _ = properties["Title"].Value().(string)
	item.Status, _ = properties["Status"].Value().(string)
	item.IconName, _ = properties["IconName"].Value().(string)
	item.menu, _ = properties["Menu"].Value().(dbus.ObjectPath)
	var tip struct {
		Icon        string
		Pixmaps     []pixmap
		Title, Text string
	}
	if dbus.Store([]any{properties["ToolTip"].Value()}, &tip) == nil {
		item.ToolTip = strings.TrimSpace(tip.Title + "\n" + tip.Text)
	}
	var pixmaps []pixmap
	if dbus.Store([]any{properties["IconPixmap"].Value()}, &pixmaps) == nil {
		item.Icon, item.Picture = largest(pixmaps)
	}
	return item, true
}

// pixmap is a picture in ARGB, 32 bits a pixel, in network byte order.
type pixmap struct {
	Width, Height int32
	Pixels        []byte
}

func largest(pixmaps []pixmap) (hash string, picture image.Image) {
	best := pixmap{}
	for _, p := range pixmaps {
		if p.Width > best.Width && len(p.Pixels) == int(4*p.Width*p.Height) {
			best = p
		}
	}
	if best.Width == 0 {
		return "", nil
	}
	drawn := image.NewNRGBA(image.Rect(0, 0, int(best.Width), int(best.Height)))
	for i := range int(best.Width * best.Height) {
		p := best.Pixels[4*i : 4*i+4]
		drawn.SetNRGBA(i%int(best.Width), i/int(best.Width), color.NRGBA{R: p[1], G: p[2], B: p[3], A: p[0]})
	}
	sum := sha256.Sum256(best.Pixels)
	return hex.EncodeToString(sum[:8]), drawn
}

// ActivateTray does what a left click on the icon tells its program. A program
// whose icon is nothing but a menu refuses it, and the panel opens the menu.
func (d *Desktop) ActivateTray(item TrayItem) error {
	return d.onBus(func(ctx context.Context, conn *dbus.Conn) error {
		return conn.Object(item.bus, itemPath).CallWithContext(ctx, itemInterface+".Activate", 0, int32(0), int32(0)).Err
	})
}

// MenuEntry is a line of a tray icon's menu.
type MenuEntry struct {
	Label     string // without the mark of the key that chooses it
	Enabled   bool
	Separator bool
	Checked   bool
	Entries   []MenuEntry // of its submenu

	id int32
}

// menuNode is one node of com.canonical.dbusmenu's layout.
type menuNode struct {
	ID         int32
	Properties map[string]dbus.Variant
	Children   []dbus.Variant
}

// TrayMenu reads the icon's menu as a panel does before it opens it; hidden
// entries are left out.
func (d *Desktop) TrayMenu(item TrayItem) (entries []MenuEntry, err error) {
	err = d.onBus(func(ctx context.Context, conn *dbus.Conn) error {
		menu := conn.Object(item.bus, item.menu)
		// A program may build its menu only when it is about to be shown, and
		// fyne.io/systray leaves submenus out of its first answer.
		_ = menu.CallWithContext(ctx, menuInterface+".AboutToShow", 0, int32(0)).Err
		var err error
		for range 2 {
			var revision uint32
			var root menuNode
			err = menu.CallWithContext(ctx, menuInterface+".GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root)
			entries = root.entries()
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read tray menu: %w", err)
	}
	return entries, nil
}

func (n menuNode) entries() (entries []MenuEntry) {
	for _, child := range n.Children {
		var c menuNode
		if dbus.Store([]any{child.Value()}, &c) != nil || c.is("visible", false) {
			continue
		}
		label, _ := c.Properties["label"].Value().(string)
		kind, _ := c.Properties["type"].Value().(string)
		state, _ := c.Properties["toggle-state"].Value().(int32)
		entries = append(entries, MenuEntry{
			Label: plainLabel(label), Enabled: !c.is("enabled", false), Separator: kind == "separator",
			Checked: state == 1, Entries: c.entries(), id: c.ID,
		})
	}
	return entries
}

// is says whether the property is set to that; those that aren't sent are true.
func (n menuNode) is(property string, value bool) bool {
	set, ok := n.Properties[property].Value().(bool)
	return ok && set == value
}

// plainLabel takes the underscore away that marks a key; two are one that is
// shown.
func plainLabel(label string) string {
	return strings.NewReplacer("__", "_", "_", "").Replace(label)
}

// ChooseTray waits for an enabled entry, at the end of a path of labels
// through submenus, and clicks it. A label may be a beginning that ends in an
// ellipsis: "Family…".
func (d *Desktop) ChooseTray(item TrayItem, labels ...string) error {
	var seen []MenuEntry
	var chosen MenuEntry
	err := Await(fmt.Sprintf("%q in the tray's menu", labels), trayDeadline, func() bool {
		var err error
		if seen, err = d.TrayMenu(item); err != nil {
			return false
		}
		found := false
		chosen, found = findEntry(seen, labels)
		return found && chosen.Enabled
	})
	if err != nil {
		return fmt.Errorf("%w; it has %+v", err, seen)
	}
	return d.onBus(func(ctx context.Context, conn *dbus.Conn) error {
		return conn.Object(item.bus, item.menu).CallWithContext(ctx, menuInterface+".Event", 0,
			chosen.id, "clicked", dbus.MakeVariant(int32(0)), uint32(time.Now().Unix())).Err //nolint:gosec // X's time has 32 bits
	})
}

func findEntry(entries []MenuEntry, labels []string) (MenuEntry, bool) {
	for _, e := range entries {
		beginning, isBeginning := strings.CutSuffix(labels[0], "…")
		if e.Label != labels[0] && (!isBeginning || !strings.HasPrefix(e.Label, beginning)) {
			continue
		}
		if len(labels) == 1 {
			return e, true
		}
		if found, ok := findEntry(e.Entries, labels[1:]); ok {
			return found, true
		}
	}
	return MenuEntry{}, false
}
