package cli

import "testing"

func TestFreeBytes_of_a_folder_however_it_ends(t *testing.T) {
	folder := t.TempDir()
	for _, path := range []string{folder, folder + `\`} {
		if free, err := freeBytes(path); err != nil || free == 0 {
			t.Errorf("%s has %d bytes, %v", path, free, err)
		}
	}
	if _, err := freeBytes(folder + `\none`); err == nil {
		t.Error("a folder that isn't there has room")
	}
}

func TestAsFolder_ends_shares_with_a_backslash(t *testing.T) {
	for path, want := range map[string]string{
		`\\nas\home`: `\\nas\home\`, `\\nas\home\data`: `\\nas\home\data\`, `C:\`: `C:\`, `C:\data`: `C:\data\`,
	} {
		if got := asFolder(path); got != want {
			t.Errorf("%s becomes %s", path, got)
		}
	}
}
