package logging_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/logging"
)

func mode(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func lines(t *testing.T, path string) []map[string]any {
	t.Helper()
	f, err := os.Open(path) //nolint:gosec // made by the test
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	var all []map[string]any
	for scanner := bufio.NewScanner(f); scanner.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all = append(all, line)
	}
	return all
}

func TestTheLogIsForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logs", "app.log")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o666); err != nil { //nolint:gosec // loosened on purpose
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o666); err != nil { //nolint:gosec // loosened on purpose
		t.Fatal(err)
	}
	for _, path := range []string{path, filepath.Join(t.TempDir(), "new", "app.log")} {
		log, closeLog, err := logging.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		log.Info("hello")
		if err := closeLog(); err != nil {
			t.Error(err)
		}
		if runtime.GOOS != "windows" && (mode(t, path) != 0o600 || mode(t, filepath.Dir(path)) != 0o700) {
			t.Errorf("file %o in folder %o", mode(t, path), mode(t, filepath.Dir(path)))
		}
	}
}

func TestTheLogIsContinued(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.log")
	for _, message := range []string{"first", "second"} {
		log, closeLog, err := logging.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		log.Info(message)
		if err := closeLog(); err != nil {
			t.Error(err)
		}
	}
	if all := lines(t, path); len(all) != 2 || all[0]["msg"] != "first" || all[1]["msg"] != "second" {
		t.Errorf("log = %v", all)
	}
}

func TestALongLogIsSetAsideAndOneOlderIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.log")
	log, closeLog, err := logging.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	// Twelve MiB in lines of about 10 KiB, from several goroutines.
	padding := strings.Repeat("x", 10<<10)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 300 {
				log.Info("line", "padding", padding)
			}
		})
	}
	wg.Wait()
	log.Info("last")
	if err := closeLog(); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 2 {
		t.Fatalf("folder = %v, %v; want two files", entries, err)
	}
	for _, file := range []string{path, path + ".1"} {
		info, err := os.Stat(file)
		if err != nil || info.Size() > 5<<20 || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", filepath.Base(file), info, err)
		}
		if len(lines(t, file)) == 0 {
			t.Errorf("%s is empty", filepath.Base(file))
		}
	}
	if all := lines(t, path); all[len(all)-1]["msg"] != "last" {
		t.Error("the newest line isn't in the log")
	}
}

func TestALogThatCantBeSetAsideGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.log")
	// A folder in the way that isn't empty can't be replaced, not even by root.
	if err := os.MkdirAll(filepath.Join(path+".1", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	log, closeLog, err := logging.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 600 {
		log.Info("line", "padding", strings.Repeat("x", 10<<10))
	}
	log.Info("last")
	if err := closeLog(); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(path) //nolint:gosec // made by the test
	if err != nil || !strings.Contains(string(text), "log not set aside") || !strings.Contains(string(text), `"msg":"last"`) {
		t.Errorf("the log stopped: %v", err)
	}
}

func TestOpenFailsWhereNoFileCanBe(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(blocked, "app.log"), t.TempDir()} {
		if _, _, err := logging.Open(path); err == nil {
			t.Errorf("opened %s", path)
		}
	}
}
