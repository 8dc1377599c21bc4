package clock

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestZone_has_the_name_of_the_link(t *testing.T) {
	for link, want := range map[string]string{
		"/usr/share/zoneinfo/Asia/Kolkata":         "Asia/Kolkata",
		"../usr/share/zoneinfo/America/Argentina/": "America/Argentina/",
		"/usr/share/zoneinfo/posix/Asia/Kathmandu": "Asia/Kathmandu",
		"/usr/share/zoneinfo/UTC":                  "UTC",
		"/usr/share/zoneinfo/":                     "Local",
		"/somewhere/else":                          "Local",
		"":                                         "Local",
	} {
		if got := zoneName(link); got != want {
			t.Errorf("zoneName(%q) = %q, want %q", link, got, want)
		}
	}
}

func expectZone(t *testing.T, z *localZone, name string, offset time.Duration) {
	t.Helper()
	got := z.location()
	_, seconds := time.Date(2026, time.July, 1, 0, 0, 0, 0, got).Zone()
	if got.String() != name || time.Duration(seconds)*time.Second != offset {
		t.Errorf("zone = %s, %d s, want %s, %v", got, seconds, name, offset)
	}
}

func TestZone_is_read_anew_and_kept_while_the_file_is_missing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "localtime")
	z := &localZone{path: path}
	expectZone(t, z, "UTC", 0)
	link(t, path, "America/New_York")
	expectZone(t, z, "America/New_York", -4*time.Hour)
	if first := z.location(); first != z.location() {
		t.Error("it is read anew without need")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	expectZone(t, z, "America/New_York", -4*time.Hour)
	link(t, path, "No/Such_Zone")
	expectZone(t, z, "America/New_York", -4*time.Hour)
	link(t, path, "Asia/Kathmandu")
	expectZone(t, z, "Asia/Kathmandu", 5*time.Hour+45*time.Minute)
}

func TestZone_in_a_file_that_is_no_link(t *testing.T) {
	data, err := os.ReadFile("/usr/share/zoneinfo/Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "localtime")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	z := &localZone{path: path}
	expectZone(t, z, "Local", 9*time.Hour)
	if err := os.WriteFile(path, []byte("no zone"), 0o600); err != nil {
		t.Fatal(err)
	}
	expectZone(t, z, "Local", 9*time.Hour)
	expectZone(t, &localZone{path: path}, "UTC", 0)
}

func TestZone_of_the_environment_is_fixed(t *testing.T) {
	t.Setenv("TZ", "Europe/Berlin")
	if zoneOfEnvironment() != time.Local {
		t.Error("$TZ doesn't win")
	}
	z := &localZone{path: localtime, fixed: time.FixedZone("X", 3600)}
	expectZone(t, z, "X", time.Hour)
	if _, err := z.changes(); err == nil {
		t.Error("a fixed zone is watched")
	}
	if err := os.Unsetenv("TZ"); err != nil {
		t.Fatal(err)
	}
	if zoneOfEnvironment() != nil {
		t.Error("a zone of no environment")
	}
}

func TestZone_in_a_folder_that_cannot_be_watched(t *testing.T) {
	z := &localZone{path: filepath.Join(t.TempDir(), "none", "localtime")}
	if _, err := z.changes(); err == nil {
		t.Error("no error")
	}
	s := newSystem(z.path, nil)
	defer s.Close() //nolint:errcheck // never fails
	if err := s.Wait(t.Context(), s.Now().Add(time.Millisecond)); err != nil || s.Zone() != time.UTC {
		t.Errorf("Wait = %v in %v", err, s.Zone())
	}
}

// event is one of inotify's, its name filled up with zeros.
func event(mask uint32, name string) []byte {
	padded := append([]byte(name), make([]byte, 16-len(name)%16)...)
	if name == "" {
		padded = nil
	}
	e := make([]byte, unix.SizeofInotifyEvent)
	binary.NativeEndian.PutUint32(e[4:], mask)
	binary.NativeEndian.PutUint32(e[12:], uint32(len(padded)))
	return append(e, padded...)
}

func TestZone_events(t *testing.T) {
	other, zone := event(unix.IN_CREATE, "localtime.new"), event(unix.IN_MOVED_TO, "localtime")
	for name, c := range map[string]struct {
		events []byte
		want   bool
	}{
		"none": {nil, false}, "another file": {other, false}, "the zone": {zone, true},
		"the zone after another file": {append(append([]byte{}, other...), zone...), true},
		"lost ones":                   {event(unix.IN_Q_OVERFLOW, ""), true},
		"the folder itself":           {event(unix.IN_IGNORED, ""), false},
		"half an event":               {zone[:20], false},
	} {
		if got := concerns(c.events, "localtime"); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
