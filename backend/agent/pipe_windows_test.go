package agent

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/Microsoft/go-winio"
	"golang.org/x/sys/windows"
)

func nameOf(t *testing.T, folder string) string {
	t.Helper()
	name, err := pipeName(folder)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func TestPipeName_is_the_folders_however_that_is_written(t *testing.T) {
	base := t.TempDir()
	folder, other := filepath.Join(base, "Data Folder"), filepath.Join(base, "another")
	for _, f := range []string{folder, other} {
		if err := os.Mkdir(f, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	want := nameOf(t, folder)
	for _, same := range []string{strings.ToUpper(folder), filepath.Join(base, "another") + `\..\data folder`, folder + `\`} {
		if got := nameOf(t, same); got != want {
			t.Errorf("%s has %s, not %s", same, got, want)
		}
	}
	if nameOf(t, other) == want {
		t.Error("two folders have one pipe")
	}
	if _, err := pipeName(filepath.Join(base, "none")); err == nil {
		t.Error("a folder that isn't there has a pipe")
	}
}

// Which volume a folder is on can be told where that has no letter.
func TestPathOf_a_folder_by_the_number_of_its_volume(t *testing.T) {
	folder := t.TempDir()
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		t.Fatal(err)
	}
	handle, err := windows.CreateFile(name, 0, windows.FILE_SHARE_READ, nil, windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer windows.CloseHandle(handle) //nolint:errcheck // the test ends
	path, err := pathOf(handle, volumeByNumber)
	if err != nil || !strings.HasPrefix(path, `\\?\Volume{`) || !strings.HasSuffix(path, filepath.Base(folder)) {
		t.Errorf("%s is %s, %v", folder, path, err)
	}
}

func TestListen_lets_only_this_user_in(t *testing.T) {
	folder := t.TempDir()
	l, err := listen(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // the test ends
	go func() { _, _ = l.Accept() }()
	conn, err := dial(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // the test ends
	file, ok := conn.(interface{ Fd() uintptr })
	if !ok {
		t.Fatal("no handle")
	}
	security, err := windows.GetSecurityInfo(windows.Handle(file.Fd()), windows.SE_KERNEL_OBJECT,
		windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		t.Fatal(err)
	}
	own, err := ownSID()
	if err != nil {
		t.Fatal(err)
	}
	text := security.String()
	if !strings.Contains(text, "O:"+own.String()) || strings.Count(text, "(") != 1 || !strings.Contains(text, ";;;"+own.String()+")") {
		t.Errorf("the pipe is %s, this user %s", text, own)
	}
}

func TestListen_finds_the_name_taken(t *testing.T) {
	folder := t.TempDir()
	l, err := listen(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // the test ends
	second, err := listen(folder)
	if err != nil {
		return
	}
	_ = second.Close()
	if windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil {
		t.Skip("wine 8 makes a second pipe where Windows refuses; there the folder's lock alone keeps agents apart")
	}
	t.Error("two agents listen")
}

// The administrators stand for another user.
func TestDial_trusts_no_pipe_of_another_user(t *testing.T) {
	folder := t.TempDir()
	l, err := winio.ListenPipe(nameOf(t, folder), &winio.PipeConfig{SecurityDescriptor: "O:BAD:P(A;;GA;;;WD)"})
	if err != nil {
		t.Skipf("this user may make nothing that is the administrators': %v", err)
	}
	defer l.Close() //nolint:errcheck // the test ends
	go func() { _, _ = l.Accept() }()
	if _, err := Dial(t.Context(), folder, RoleCommand); !errors.Is(err, errStranger) || !errors.Is(err, ErrNone) {
		t.Errorf("Dial = %v", err)
	}
}
