package mainwindow_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/mainwindow"
)

func TestEngine_is_the_installed_one(t *testing.T) {
	out, err := exec.Command("pkg-config", "--modversion", "webkit2gtk-4.1").Output()
	if err != nil {
		t.Fatal(err)
	}
	if name, version := mainwindow.Engine(); name != "WebKitGTK" || version != strings.TrimSpace(string(out)) {
		t.Errorf("%s %s, want %s", name, version, out)
	}
}
