package desktop

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The panel is one strip at the top of the screen with nothing in it but the
// place for tray icons. The version of the configuration keeps it from asking
// how to begin; known items are shown without a menu to look for them.
const panelConfig = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="32"/>
      <property name="icon-size" type="uint" value="24"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
        <value type="int" value="2"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-2" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
      <property name="hide-new-items" type="bool" value="false"/>
    </property>
  </property>
</channel>
`

// watcherName is where programs register their tray icons.
const watcherName = "org.kde.StatusNotifierWatcher"

// StartPanel starts a panel that shows tray icons, and waits until icons can be
// registered.
func (d *Desktop) StartPanel() error {
	if d.panel != nil {
		return errors.New("start panel: it runs")
	}
	if err := d.startXfconf(); err != nil {
		return err
	}
	p, err := d.run("panel", nil, d.Env("XDG_CURRENT_DESKTOP=XFCE"), "xfce4-panel", "--disable-wm-check", "--sm-client-disable")
	if err != nil {
		return err
	}
	d.panel = p
	err = Await("the panel's tray", serviceDeadline, func() bool {
		owned, err := d.hasOwner(watcherName)
		return p.failed() != nil || (err == nil && owned)
	})
	return errors.Join(err, p.failed())
}

// startXfconf starts the service that keeps the panel's configuration.
func (d *Desktop) startXfconf() error {
	const name = "org.xfce.Xfconf"
	if owned, err := d.hasOwner(name); err != nil || owned {
		return err
	}
	dir, err := d.MakeDir("home/.config/xfce4/xfconf/xfce-perchannel-xml")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "xfce4-panel.xml"), []byte(panelConfig), 0o644); err != nil {
		return fmt.Errorf("configure panel: %w", err)
	}
	if err := d.giveAway(d.Path("home/.config/xfce4")); err != nil {
		return err
	}
	program, err := findProgram("xfconfd")
	if err != nil {
		return err
	}
	p, err := d.run("xfconfd", nil, d.Env(), program)
	if err != nil {
		return err
	}
	err = Await("the panel's configuration", serviceDeadline, func() bool {
		owned, err := d.hasOwner(name)
		return p.failed() != nil || (err == nil && owned)
	})
	return errors.Join(err, p.failed())
}

// StopPanel ends the panel, and with it the tray.
func (d *Desktop) StopPanel() error {
	if d.panel == nil {
		return errors.New("stop panel: none runs")
	}
	d.panel.end(2 * time.Second)
	d.panel = nil
	return Await("the end of the tray", serviceDeadline, func() bool {
		owned, err := d.hasOwner(watcherName)
		return err == nil && !owned
	})
}

// PanelProcess is the running panel, nil if there is none.
func (d *Desktop) PanelProcess() *Process { return d.panel }

// PanelIcon is an icon that the panel shows, and where.
type PanelIcon struct {
	Rectangle
	Looks string // a hash of what is on the screen there
}

// The strip of the tray is a window of its own in the panel, with one cell for
// each icon, right-aligned. Icons of the old kind (XEmbed) are windows in it,
// at the left; the others are only drawn. AT-SPI isn't asked: whether the
// panel's tree has the strip in it depends on when it was first looked at.
var (
	trayStrip       = regexp.MustCompile(`(?m)^\s*(0x[0-9a-f]+) "wrapper-2\.0": .* (\d+)x32\+.*  \+(-?\d+)\+(-?\d+)$`)
	embedded        = regexp.MustCompile(`(?m)^\s*0x[0-9a-f]+ .* \d\dx\d\d\+`)
	cell      int32 = 32
)

// PanelIcons are the tray icons on the screen, from left to right, none while
// no panel runs. Those of the old kind aren't among them.
func (d *Desktop) PanelIcons() ([]PanelIcon, error) {
	if d.panel == nil {
		return nil, nil
	}
	tree, err := d.Command("", "xwininfo", "-root", "-tree")
	if err != nil {
		return nil, fmt.Errorf("look at panel: %w", err)
	}
	strip := trayStrip.FindStringSubmatch(tree)
	if strip == nil {
		return nil, errors.New("look at panel: it has no tray yet")
	}
	children, err := d.Command("", "xwininfo", "-id", strip[1], "-children")
	if err != nil {
		return nil, fmt.Errorf("look at panel: %w", err)
	}
	width, x, y := number(strip[2]), number(strip[3]), number(strip[4])
	_, children, _ = strings.Cut(children, "child")
	count := width/cell - int32(len(embedded.FindAllString(children, -1))) //nolint:gosec // a few
	var icons []PanelIcon
	for i := count; i > 0; i-- {
		r := Rectangle{x + width - i*cell, y, cell, cell}
		looks, err := d.looks(r)
		if err != nil {
			return nil, err
		}
		icons = append(icons, PanelIcon{r, looks})
	}
	return icons, nil
}

// number reads what a pattern has found to be one.
func number(digits string) int32 {
	n, _ := strconv.ParseInt(digits, 10, 32)
	return int32(n) //nolint:gosec // of 32 bits
}

// AwaitPanelIcons waits until the panel shows so many icons and all are drawn.
func (d *Desktop) AwaitPanelIcons(count int) ([]PanelIcon, error) {
	var icons []PanelIcon
	var problem error
	err := Await(fmt.Sprintf("%d icons in the panel", count), trayDeadline, func() bool {
		before := icons
		icons, problem = d.PanelIcons()
		return problem == nil && len(icons) == count && slices.Equal(before, icons)
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w; it shows %d", err, len(icons)), problem)
	}
	return icons, nil
}

// looks is a hash of a part of the screen.
func (d *Desktop) looks(r Rectangle) (string, error) {
	pixels, err := d.Command("", "import", "-window", "root", "-crop",
		fmt.Sprintf("%dx%d+%d+%d", r.Width, r.Height, r.X, r.Y), "+repage", "-depth", "8", "rgb:-")
	if err != nil {
		return "", fmt.Errorf("look at the screen: %w", err)
	}
	sum := sha256.Sum256([]byte(pixels))
	return hex.EncodeToString(sum[:8]), nil
}
