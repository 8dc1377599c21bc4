package tray

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/dbustest"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// panelConfig is one panel with nothing but a tray.
const panelConfig = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="true"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"/>
  </property>
</channel>
`

// startPanel starts xfce4-panel, its settings and its screen.
func startPanel(t *testing.T, b *dbustest.Bus) *dbustest.Program {
	t.Helper()
	dir := filepath.Join(b.Home, "config", "xfce4", "xfconf", "xfce-perchannel-xml")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "xfce4-panel.xml"), []byte(panelConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Display()
	t.Setenv("NO_AT_BRIDGE", "1")
	settings, err := filepath.Glob("/usr/lib/*/xfce4/xfconf/xfconfd")
	if err != nil || len(settings) != 1 {
		t.Fatalf("xfconfd (is its package installed?): %v, %v", settings, err)
	}
	b.Run(settings[0])
	b.WaitForName("org.xfce.Xfconf")
	return b.Run("xfce4-panel", "--disable-wm-check")
}

// Where the only icon is on the panel.
const iconX, iconY = "13", "17"

func mouse(t *testing.T, button string) {
	t.Helper()
	if out, err := exec.Command("xdotool", "mousemove", "--sync", iconX, iconY, "click", button).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func keys(t *testing.T, keys ...string) {
	t.Helper()
	if out, err := exec.Command("xdotool", append([]string{"key"}, keys...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// windows counts those of the tray on the screen, which is a program of its own.
func windows() int {
	out, _ := exec.Command("xdotool", "search", "--onlyvisible", "--class", "rapper-2.0").Output()
	return len(strings.Fields(string(out)))
}

// waitForColour waits until so many pixels of the screen are nearly of it.
func waitForColour(t *testing.T, b *dbustest.Bus, colour string, least float64) {
	t.Helper()
	shot := filepath.Join(b.Home, "shot.png")
	dbustest.Eventually(t, colour+" on the screen", func() bool {
		b.Screenshot(shot)
		out, err := exec.Command("convert", shot, "-fuzz", "8%", "-fill", "white", "-opaque", colour,
			"-fuzz", "0%", "-fill", "black", "+opaque", "white", "-format", "%[fx:mean*w*h]", "info:").Output()
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		if err != nil {
			t.Fatal(err)
		}
		return n >= least
	})
}

func TestTray_is_seen_and_clicked_in_a_real_panel_that_restarts(t *testing.T) {
	b := dbustest.Start(t)
	s, _ := running(t, b, func(i *Tray) { i.moment = time.Second })
	b.WaitForName(name())
	s.readOnce()
	s.Show(sample())
	panel := startPanel(t, b)
	s.waitFor(true)
	waitForColour(t, b, "#e5484d", 30)
	mouse(t, "1")
	if got := next(t, s.chosen); got != (Choice{}) {
		t.Errorf("%+v", got)
	}
	s.Show(Menu{State: Ready, Line: "All 5 ready, until 06:00"})
	waitForColour(t, b, "#22a67f", 30)

	panel.Kill()
	s.waitFor(false)
	b.Run("xfce4-panel", "--disable-wm-check")
	s.waitFor(true)
	waitForColour(t, b, "#22a67f", 30)
	s.Show(sample())
	waitForColour(t, b, "#e5484d", 30)
	before := windows()
	mouse(t, "3")
	dbustest.Eventually(t, "the menu on the screen", func() bool { return windows() > before })
	keys(t, "Down", "Return") // the first that can be chosen
	if got, want := next(t, s.chosen), (Choice{Do: kite.Request{Login: "id2"}}); got != want {
		t.Errorf("%+v", got)
	}
}
