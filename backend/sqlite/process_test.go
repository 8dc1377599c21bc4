package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// Some faults need a process that can be killed, traced or limited: the test
// binary runs itself as that process.
const roleVar = "SQLITE_TEST_ROLE"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVar); role != "" {
		if err := play(role, os.Getenv("SQLITE_TEST_PATH")); err != nil {
			fmt.Println("error:", kite.ErrorCode(err), err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func play(role, path string) error {
	ctx := context.Background()
	if role == "full" { // as a full disk would: no file may grow beyond this
		limit := &syscall.Rlimit{Cur: 400 << 10, Max: 400 << 10}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, limit); err != nil {
			return err
		}
	}
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	switch role {
	case "open":
		return db.Close()
	case "ten commits":
		for i := range 10 {
			if err := db.Settings().SetSetting(ctx, "n", fmt.Sprint(i)); err != nil {
				return err
			}
		}
		return db.Close()
	case "full":
		for i := range 10000 {
			if err := db.Settings().SetSetting(ctx, fmt.Sprint(i), strings.Repeat("x", 4096)); err != nil {
				return err
			}
		}
	}
	return keepLoggingIn(ctx, db)
}

// keepLoggingIn writes sessions, two tables in one transaction, until killed.
func keepLoggingIn(ctx context.Context, db *sqlite.DB) error {
	store := db.Sessions(&kitetest.Sealer{})
	a := kitetest.Account("one")
	for i := 0; ; i++ {
		login := kitetest.Morning.Add(time.Duration(time.Now().UnixMicro()) * time.Millisecond)
		session := kitetest.Session(fmt.Sprintf("%d-%d", os.Getpid(), i), a, login)
		if err := store.SaveSession(ctx, session, kitetest.Tokens("1")); err != nil {
			return err
		}
		if i == 0 {
			fmt.Println("writing")
		}
	}
}

func child(t *testing.T, role, path string, wrapper ...string) *exec.Cmd {
	t.Helper()
	args := append(wrapper, os.Args[0])
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Env = append(os.Environ(), roleVar+"="+role, "SQLITE_TEST_PATH="+path)
	return cmd
}

func TestKill_in_the_middle_of_writing_leaves_whole_transactions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db := mustOpen(t, path)
	if err := db.Accounts(&kitetest.Sealer{}).CreateAccount(t.Context(), kitetest.Account("one"), kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		killWriter(t, path, time.Duration(i)*time.Millisecond)
		checkWhole(t, path)
	}
}

func killWriter(t *testing.T, path string, after time.Duration) {
	t.Helper()
	cmd := child(t, "log in", path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil { // the first commit is done
		t.Fatal(err)
	}
	time.Sleep(after) // at another point of its work each time
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
}

func checkWhole(t *testing.T, path string) {
	t.Helper()
	db := mustOpen(t, path)
	var integrity string
	var active int
	var last, newest sql.NullInt64
	err := db.QueryRowContext(t.Context(), `SELECT (SELECT integrity_check FROM pragma_integrity_check),
		(SELECT count(*) FROM kite_sessions WHERE status = 'active'),
		(SELECT last_login_at FROM kite_accounts), (SELECT login_time FROM kite_sessions WHERE status = 'active')`).
		Scan(&integrity, &active, &last, &newest)
	if err != nil || integrity != "ok" || active != 1 || last != newest {
		t.Fatalf("integrity %q, %d active sessions, last login %v, session's %v, %v", integrity, active, last, newest, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCommit_reaches_the_disk(t *testing.T) {
	path, trace := filled(t), filepath.Join(t.TempDir(), "trace")
	cmd := child(t, "ten commits", path, "strace", "-f", "-e", "trace=fsync,fdatasync", "-o", trace)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	syncs := strings.Count(string(read(t, trace)), "sync(")
	if syncs < 10 {
		t.Errorf("%d syncs for ten commits", syncs)
	}
}

func TestFullDisk_is_a_sentence_and_keeps_what_was_there(t *testing.T) {
	path := filled(t)
	out, err := child(t, "full", path).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "error: "+kite.EDATA) || !strings.Contains(string(out), "disk is full") {
		t.Fatalf("%v\n%s", err, out)
	}
	db := mustOpen(t, path)
	if list, err := db.Accounts(nil).Accounts(t.Context()); err != nil || len(list) != 60 {
		t.Errorf("%d accounts, %v", len(list), err)
	}
	if err := db.Settings().SetSetting(t.Context(), "again", "works"); err != nil {
		t.Errorf("after there is space: %v", err)
	}
}

func TestOpen_without_permission_to_write(t *testing.T) {
	path := filled(t)
	folder := filepath.Dir(path)
	for parent := folder; parent != os.TempDir() && parent != "/"; parent = filepath.Dir(parent) {
		if err := os.Chmod(parent, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	var wrapper []string
	if os.Geteuid() == 0 { // modes bind only an ordinary user
		wrapper = []string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"}
	}
	binary := readableCopy(t)
	cmd := child(t, "open", path, append(wrapper, binary)...)
	cmd.Args = cmd.Args[:len(cmd.Args)-1]
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "may not write to its database") {
		t.Errorf("%v\n%s", err, out)
	}
}

// readableCopy puts the test binary where an ordinary user may run it.
func readableCopy(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "sqlite-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	binary := filepath.Join(folder, "sqlite.test")
	if err := os.WriteFile(binary, read(t, os.Args[0]), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return binary
}
