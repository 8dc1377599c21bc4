//go:build e2e

package desktop_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"strings"
	"testing"

	"fyne.io/systray"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

// programVariable makes the test binary another program.
const programVariable = "DESKTOP_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) == "tray" {
		// Before it runs: what is set while it begins can get lost.
		systray.SetIcon(square(color.NRGBA{R: 255, A: 255}))
		systray.SetTitle("Trial")
		systray.SetTooltip("4 of 5 ready")
		systray.Run(trayProgram, nil)
		return
	}
	os.Exit(m.Run())
}

// trayProgram fills the menu and says what is clicked; the entry that is called
// Blue makes the icon blue.
func trayProgram() {
	systray.AddMenuItem("4 of 5 ready", "").Disable()
	blue := systray.AddMenuItem("_Blue__one", "")
	systray.AddSeparator()
	systray.AddMenuItem("Nowhere", "").Hide()
	more := systray.AddMenuItem("More", "")
	deeper := more.AddSubMenuItemCheckbox("Deeper", "", true)
	// The menu can be read only once this function has returned. A click is lost
	// if nobody waits for it, so nobody waits for two.
	go func() {
		for range blue.ClickedCh {
			systray.SetIcon(square(color.NRGBA{B: 255, A: 255}))
			fmt.Println("made it blue")
		}
	}()
	go func() {
		for range deeper.ClickedCh {
			fmt.Println("went deeper")
		}
	}()
}

func square(c color.Color) []byte {
	picture := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func startTray(t *testing.T, d *desktop.Desktop) *desktop.Process {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := d.Run("tray", []string{programVariable + "=tray"}, program)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTrayIsReadAndClicked(t *testing.T) {
	d := start(t, desktop.Options{Panel: true})
	p := startTray(t, d)
	item, err := d.AwaitTray(p.PID, func(i desktop.TrayItem) bool {
		return i.Title == "Trial" && i.ToolTip == "4 of 5 ready" && i.Status == "Active" && i.Picture != nil
	})
	if err != nil {
		t.Fatal(err)
	}
	red, err := d.AwaitPanelIcons(1)
	if err != nil {
		t.Fatal(err)
	}
	menu, err := d.TrayMenu(item)
	if err != nil {
		t.Fatal(err)
	}
	checkMenu(t, menu)
	if err := d.ChooseTray(item, "More", "Deep…"); err != nil {
		t.Fatal(err)
	}
	if err := d.ChooseTray(item, "Blue_one"); err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{"went deeper", "made it blue"} {
		if err := desktop.Await(said, limit, func() bool { return strings.Contains(p.Text(), said) }); err != nil {
			t.Fatal(err, p.Text())
		}
	}
	changed := func() bool {
		blue, err := d.AwaitPanelIcons(1)
		return err == nil && blue[0].Looks != red[0].Looks
	}
	if err := desktop.Await("the other icon on the screen", limit, changed); err != nil {
		t.Error(err)
	}
	if _, err := d.AwaitTray(p.PID, func(i desktop.TrayItem) bool { return i.Icon != item.Icon }); err != nil {
		t.Error(err)
	}
}

func checkMenu(t *testing.T, menu []desktop.MenuEntry) {
	t.Helper()
	if len(menu) != 4 {
		t.Fatalf("the menu has %d entries: %+v", len(menu), menu)
	}
	if menu[0].Label != "4 of 5 ready" || menu[0].Enabled {
		t.Errorf("first entry: %+v", menu[0])
	}
	if menu[1].Label != "Blue_one" || !menu[1].Enabled || !menu[2].Separator {
		t.Errorf("then: %+v", menu[1:3])
	}
	if len(menu[3].Entries) != 1 || menu[3].Entries[0].Label != "Deeper" || !menu[3].Entries[0].Checked {
		t.Errorf("submenu: %+v", menu[3])
	}
}

func TestPanelComesLateAndAgain(t *testing.T) {
	d := start(t, desktop.Options{})
	p := startTray(t, d)
	if _, err := d.Tray(p.PID); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if icons, err := d.PanelIcons(); err != nil || len(icons) != 0 {
			t.Fatalf("%d icons without a panel, %v", len(icons), err)
		}
		if err := d.StartPanel(); err != nil {
			t.Fatal(err)
		}
		if _, err := d.AwaitPanelIcons(1); err != nil {
			t.Fatal(err, p.Text())
		}
		if err := d.StopPanel(); err != nil {
			t.Fatal(err)
		}
	}
}
