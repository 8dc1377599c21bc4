package main

import (
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
)

func TestWindowsOptions_keep_everything_in_the_data_folder(t *testing.T) {
	folder := t.TempDir()
	dir, err := datadir.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	o := (&app{dir: dir}).options().Windows
	if o == nil || o.WebviewUserDataPath != filepath.Join(dir.Path(), "webview2") {
		t.Fatalf("options %+v", o)
	}
	if o.WebviewDisableRendererCodeIntegrity || o.EnableSwipeGestures || o.WebviewIsTransparent {
		t.Errorf("options %+v", o)
	}
}
