package datadir

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"
)

// folderWith makes a folder whose list is that text; %USER in it is this user.
func folderWith(t *testing.T, list string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		t.Fatal(err)
	}
	security, err := windows.SecurityDescriptorFromString(strings.ReplaceAll(list, "%USER", user.User.Sid.String()))
	if err != nil {
		t.Fatal(err)
	}
	dacl, _, err := security.DACL()
	if err != nil {
		t.Fatal(err)
	}
	if err := windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, dacl, nil); err != nil {
		t.Fatal(err)
	}
	return path
}

// rightsOf are others'. Wine 8 keeps modes and not lists, and leaves everybody
// what the administrators may read: there only what changes something counts.
func rightsOf(t *testing.T, path string) windows.ACCESS_MASK {
	t.Helper()
	rights, err := othersRights(path)
	if err != nil {
		t.Fatal(err)
	}
	if windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil {
		rights &= writing
	}
	return rights
}

const everybody = "D:P(A;OICI;FA;;;%USER)(A;OICI;FA;;;WD)"

func TestOpen_closes_a_folder_to_others_with_what_is_in_it(t *testing.T) {
	path := folderWith(t, everybody)
	if rightsOf(t, path)&writing == 0 {
		t.Fatal("the test's folder isn't open")
	}
	if err := os.WriteFile(filepath.Join(path, databaseName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	sub, err := d.Sub("logs")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, sub, d.Database()} {
		if rights := rightsOf(t, p); rights != 0 {
			t.Errorf("others have %#x at %s", rights, p)
		}
	}
	if _, err := Open(path); err != nil {
		t.Errorf("again: %v", err)
	}
}

func TestOpen_makes_a_folder_for_this_user_alone(t *testing.T) {
	path := filepath.Join(folderWith(t, everybody), "a", "b")
	if _, err := Open(path); err != nil {
		t.Fatal(err)
	}
	if rights := rightsOf(t, path); rights != 0 {
		t.Errorf("others have %#x", rights)
	}
}

func TestMakePrivate_is_open_to_others_at_no_time(t *testing.T) {
	path := filepath.Join(folderWith(t, everybody), "data")
	for range 2 { // somebody else may have made it
		if err := makePrivate(path); err != nil {
			t.Fatal(err)
		}
		if rights := rightsOf(t, path); rights != 0 {
			t.Errorf("others have %#x", rights)
		}
	}
}

func TestRightsIn_entries_that_say_more_than_for_or_against_may_be_for_anybody(t *testing.T) {
	const callback = 9 // ACCESS_ALLOWED_CALLBACK_ACE_TYPE
	for kind, want := range map[uint8]windows.ACCESS_MASK{
		windows.ACCESS_ALLOWED_ACE_TYPE: fileAll, windows.ACCESS_DENIED_ACE_TYPE: 0, callback: windows.GENERIC_ALL,
	} {
		security, err := windows.SecurityDescriptorFromString("D:P(A;;FA;;;WD)")
		if err != nil {
			t.Fatal(err)
		}
		list, _, err := security.DACL()
		if err != nil {
			t.Fatal(err)
		}
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, 0, &entry); err != nil {
			t.Fatal(err)
		}
		entry.Header.AceType = kind
		if got, err := rightsIn(list); err != nil || got != want {
			t.Errorf("type %d gives others %#x, want %#x, %v", kind, got, want, err)
		}
	}
}

func TestWriting_is_all_that_reads_nothing(t *testing.T) {
	const reading = windows.FILE_GENERIC_READ | windows.FILE_GENERIC_EXECUTE
	if left := fileAll &^ reading &^ windows.ACCESS_MASK(writing); left != 0 {
		t.Errorf("%#x change something, too", left)
	}
	if both := reading & writing; both != 0 {
		t.Errorf("%#x change nothing", both)
	}
}

// fileAll is FILE_ALL_ACCESS, FA in a list's text.
const fileAll = 0x1f01ff

func TestOpen_takes_no_folder_from_others(t *testing.T) {
	path := folderWith(t, everybody)
	if err := os.WriteFile(filepath.Join(path, "somebody's"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "other users may write") {
		t.Errorf("Open = %v", err)
	}
	if rightsOf(t, path)&writing == 0 {
		t.Error("it was closed all the same")
	}
}
