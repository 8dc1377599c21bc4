package win

import (
	"encoding/binary"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/clipboard"
	"github.com/kiteaccounts/kite-accounts/backend/kite"

	"golang.org/x/sys/windows"
)

// The test binary is also another program that copies and pastes.
const roleVar = "KITE_TEST_CLIPBOARD"

func TestMain(m *testing.M) {
	role, text, _ := strings.Cut(os.Getenv(roleVar), " ")
	switch role {
	case "copy":
		must(locked(func() error {
			data, err := unitsOf(text)
			must(err)
			must(empty())
			return put(formatText, data)
		}))
		os.Exit(0)
	case "paste":
		must(locked(func() error {
			data, there, err := get(formatText)
			must(err)
			if !there {
				os.Exit(3)
			}
			units := make([]uint16, len(data)/2)
			for i := range units {
				units[i] = binary.LittleEndian.Uint16(data[2*i:])
			}
			_, err = os.Stdout.WriteString(windows.UTF16ToString(units))
			return err
		}))
		os.Exit(0)
	case "hold":
		must(locked(func() error {
			_, err := os.Stdout.WriteString("held\n")
			time.Sleep(200 * time.Millisecond)
			return err
		}))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func elsewhere(t *testing.T, role string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVar+"="+role)
	return cmd
}

// paste is the text that another program gets, if there is any.
func paste(t *testing.T) (text string, held bool) {
	t.Helper()
	out, err := elsewhere(t, "paste").Output()
	if exit, ok := err.(*exec.ExitError); ok && exit.ExitCode() == 3 { //nolint:errorlint // Output gives it as it is
		return "", false
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(out), true
}

func copyElsewhere(t *testing.T, text string) {
	t.Helper()
	if out, err := elsewhere(t, "copy "+text).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func TestSet_other_programs_read_the_text(t *testing.T) {
	for name, text := range map[string]string{
		"plain": "token-1", "many scripts": "पतंग ₹ 🪁", "lines": "a\r\nb", "long": strings.Repeat("x", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := (Board{}).Set(text, true); err != nil {
				t.Fatal(err)
			}
			if got, _ := paste(t); got != text {
				t.Errorf("another program gets %d bytes, want %d", len(got), len(text))
			}
		})
	}
}

func TestSet_only_a_secret_is_kept_out_of_history_and_cloud(t *testing.T) {
	for _, secret := range []bool{false, true} {
		if _, err := (Board{}).Set("text", secret); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"ExcludeClipboardContentFromMonitorProcessing", "CanIncludeInClipboardHistory", "CanUploadToCloudClipboard"} {
			format, err := register(name)
			must(err)
			must(locked(func() error {
				data, there, err := get(format)
				must(err)
				if there != secret || (secret && (len(data) < 4 || binary.LittleEndian.Uint32(data) != 0)) {
					t.Errorf("secret %t: %s is there %t with % x", secret, name, there, data)
				}
				return nil
			}))
		}
	}
}

func TestSet_waits_half_a_second(t *testing.T) {
	if wait := time.Duration(openTries) * openPause; wait != 500*time.Millisecond {
		t.Error(wait)
	}
}

func TestSet_waits_for_another_program(t *testing.T) {
	usual := openTries
	openTries = 2000 // however long the other one takes to let go
	defer func() { openTries = usual }()
	other := elsewhere(t, "hold")
	out, err := other.StdoutPipe()
	must(err)
	must(other.Start())
	_, _ = out.Read(make([]byte, 5))
	if _, err := (Board{}).Set("after all", true); err != nil {
		t.Fatal(err)
	}
	must(other.Wait())
	if got, _ := paste(t); got != "after all" {
		t.Errorf("another program gets %q", got)
	}
}

func TestSet_a_text_with_a_NUL_is_refused_and_changes_nothing(t *testing.T) {
	copyElsewhere(t, "before")
	_, err := (Board{}).Set("a\x00b", true)
	if kite.AsError(err).Hint == "" {
		t.Errorf("error %v", err)
	}
	if got, _ := paste(t); got != "before" {
		t.Errorf("another program gets %q", got)
	}
}

func TestClear_empties_what_is_still_ours(t *testing.T) {
	copied, err := Board{}.Set("mine", true)
	if err != nil {
		t.Fatal(err)
	}
	if err := (Board{}).Clear(copied); err != nil {
		t.Fatal(err)
	}
	if text, held := paste(t); held {
		t.Errorf("another program gets %q", text)
	}
}

func TestClear_leaves_a_later_copy(t *testing.T) {
	for name, later := range map[string]func(){
		"of ours":            func() { _, err := Board{}.Set("later", true); must(err) },
		"of another program": func() { copyElsewhere(t, "later") },
	} {
		t.Run(name, func(t *testing.T) {
			first, err := Board{}.Set("first", true)
			if err != nil {
				t.Fatal(err)
			}
			later()
			if err := (Board{}).Clear(first); err != nil {
				t.Fatal(err)
			}
			if got, _ := paste(t); got != "later" {
				t.Errorf("another program gets %q", got)
			}
		})
	}
}

// A program that promised data and doesn't give it stands for any reason why
// what is there can't be read.
func TestGet_what_is_there_and_cant_be_read_isnt_taken_for_nothing(t *testing.T) {
	mark, err := register(formatMark)
	must(err)
	must(locked(func() error {
		must(empty())
		if data, there, err := get(mark); there || err != nil {
			t.Errorf("nothing gives % x, %t, %v", data, there, err)
		}
		_, _, _ = procSetData.Call(uintptr(mark), 0) // later, says that
		if data, there, err := get(mark); err == nil {
			t.Errorf("what can't be read gives % x, %t", data, there)
		}
		return empty()
	}))
}

func TestKeeper_takes_a_secret_back_at_the_end(t *testing.T) {
	keeper := clipboard.New(Board{})
	if _, err := keeper.Copy(kite.NewSecret("at the end"), true); err != nil {
		t.Fatal(err)
	}
	if got, _ := paste(t); got != "at the end" {
		t.Fatalf("another program gets %q", got)
	}
	if err := keeper.Close(); err != nil {
		t.Fatal(err)
	}
	if text, held := paste(t); held {
		t.Errorf("another program gets %q", text)
	}
}
