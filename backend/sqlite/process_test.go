//go:build linux

package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
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
		if err := roles[role](context.Background(), os.Getenv("SQLITE_TEST_PATH")); err != nil {
			fmt.Println("error:", kite.ErrorCode(err), err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// roles are what the test binary can do as a process of its own.
var roles = map[string]func(ctx context.Context, path string) error{
	"open":         openAndClose,
	"list":         listAccounts,
	"ten commits":  tenCommits,
	"fifty writes": fiftyWrites,
	"log in":       keepLoggingIn,
	"end sessions": endSessions,
	"tell":         keepTelling,
	"fill disk":    fillDisk,
	"no space":     openWithoutSpace,
	"no room":      openWithoutRoomForACopy,
	"upgrade":      upgradeForEver,
}

func openAndClose(ctx context.Context, path string) error {
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	return db.Close()
}

func listAccounts(ctx context.Context, path string) error {
	db, err := sqlite.OpenReadOnly(ctx, path)
	if err != nil {
		return err
	}
	list, err := db.Accounts(nil).Accounts(ctx)
	fmt.Println(len(list), "accounts")
	return errors.Join(err, db.Close())
}

func tenCommits(ctx context.Context, path string) error { return write(ctx, path, 10) }

func fiftyWrites(ctx context.Context, path string) error { return write(ctx, path, 50) }

// again does it until nobody else is in its way for too long: on a slow disk
// others are, and "try again" is honest.
func again(do func() error) error {
	for {
		if err := do(); kite.ErrorCode(err) != kite.ECONFLICT {
			return err
		}
	}
}

// write stores settings of its own, each in a commit.
func write(ctx context.Context, path string, commits int) error {
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	for i := range commits {
		if err := again(func() error { return db.Settings().SetSetting(ctx, fmt.Sprintf("%d-%d", os.Getpid(), i), "x") }); err != nil {
			return err
		}
	}
	return db.Close()
}

// keepLoggingIn writes sessions, two tables in one transaction, until killed.
func keepLoggingIn(ctx context.Context, path string) error {
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	store, a := db.Sessions(&kitetest.Sealer{}), kitetest.Account("one")
	for i := 0; ; i++ {
		// Every login time is another, so that half a transaction shows.
		login := time.UnixMilli(time.Now().UnixMicro()).UTC()
		session := kitetest.Session(fmt.Sprintf("%d-%d", os.Getpid(), i), a, login)
		if err := store.SaveSession(ctx, session, kitetest.Tokens("1")); err != nil {
			return err
		}
		if i == 0 {
			fmt.Println("writing")
		}
	}
}

// limitFiles works as a full disk would: no file may grow beyond size bytes.
func limitFiles(size uint64) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	limit.Cur = min(size, limit.Max)
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
}

// fillDisk writes until there is no space, then makes space and writes again.
func fillDisk(ctx context.Context, path string) error {
	if err := limitFiles(400 << 10); err != nil {
		return err
	}
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	for i := 0; err == nil; i++ {
		err = db.Settings().SetSetting(ctx, fmt.Sprint(i), strings.Repeat("x", 4096))
	}
	fmt.Println("full:", kite.ErrorCode(err), err)
	if _, err := db.Accounts(nil).Accounts(ctx); err != nil {
		return fmt.Errorf("read from a full disk: %w", err)
	}
	if err := limitFiles(math.MaxUint64); err != nil {
		return err
	}
	if err := db.Settings().SetSetting(ctx, "again", "works"); err != nil {
		return fmt.Errorf("write after there is space: %w", err)
	}
	return db.Close()
}

func openWithoutSpace(ctx context.Context, path string) error {
	if err := limitFiles(8 << 10); err != nil {
		return err
	}
	return openAndClose(ctx, path)
}

func child(t *testing.T, role, path string, wrapper ...string) *exec.Cmd {
	t.Helper()
	return childOf(t, os.Args[0], role, path, wrapper...)
}

func childOf(t *testing.T, binary, role, path string, wrapper ...string) *exec.Cmd {
	t.Helper()
	args := append(wrapper, binary)
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
		killWriter(t, "log in", path, time.Duration(i)*time.Millisecond)
		checkWhole(t, path)
	}
}

func killWriter(t *testing.T, role, path string, after time.Duration) {
	t.Helper()
	cmd := child(t, role, path)
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
	var active, untold int
	var last, newest sql.NullInt64
	err := db.QueryRowContext(t.Context(), `SELECT (SELECT integrity_check FROM pragma_integrity_check),
		(SELECT count(*) FROM kite_sessions WHERE status = 'active'),
		(SELECT last_login_at FROM kite_accounts), (SELECT login_time FROM kite_sessions WHERE status = 'active'),
		(SELECT count(*) FROM kite_sessions) - (SELECT count(*) FROM history WHERE kind IN ('login', 'refresh'))`).
		Scan(&integrity, &active, &last, &newest, &untold)
	if err != nil || integrity != "ok" || active != 1 || last != newest || untold != 0 {
		t.Fatalf("integrity %q, %d active sessions, last login %v, session's %v, %d logins not in the history, %v",
			integrity, active, last, newest, untold, err)
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
	out, err := child(t, "fill disk", path).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "full: "+kite.EDATA) || !strings.Contains(string(out), "disk is full, so nothing was changed") {
		t.Fatalf("%v\n%s", err, out)
	}
	db := mustOpen(t, path)
	if list, err := db.Accounts(nil).Accounts(t.Context()); err != nil || len(list) != 60 {
		t.Errorf("%d accounts, %v", len(list), err)
	}
	if got, err := db.Settings().Setting(t.Context(), "again"); got != "works" || err != nil {
		t.Errorf("what was written after there was space: %q, %v", got, err)
	}
}

func TestFullDisk_at_the_first_start_is_a_sentence(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	out, err := child(t, "no space", path).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "disk is full, so the database can't be opened") {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := child(t, "open", path).CombinedOutput(); err != nil {
		t.Errorf("after there is space: %v\n%s", err, out)
	}
}

func TestTwoPrograms_write_and_lose_nothing(t *testing.T) {
	path := filled(t)
	writers := []*exec.Cmd{child(t, "fifty writes", path), child(t, "fifty writes", path)}
	for _, w := range writers {
		w.Stdout = os.Stderr
		if err := w.Start(); err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range writers {
		if err := w.Wait(); err != nil {
			t.Error(err)
		}
	}
	var count int
	if err := mustOpen(t, path).QueryRowContext(t.Context(), "SELECT count(*) FROM settings").Scan(&count); err != nil || count != 100 {
		t.Errorf("%d of 100 settings, %v", count, err)
	}
}

func TestFirstStart_of_several_programs_at_once(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	var programs [4]*exec.Cmd
	var out [4]strings.Builder
	for i := range programs {
		programs[i] = child(t, "open", path)
		programs[i].Stdout = &out[i]
		if err := programs[i].Start(); err != nil {
			t.Fatal(err)
		}
	}
	opened := 0
	for i, p := range programs {
		switch err := p.Wait(); {
		case err == nil:
			opened++
		case !strings.Contains(out[i].String(), "error: "+kite.ECONFLICT): // "try again" is honest
			t.Errorf("%v: %s", err, out[i].String())
		}
	}
	if opened == 0 {
		t.Error("none could open it")
	}
	if got, err := mustOpen(t, path).Settings().Setting(t.Context(), "none"); got != "" || err != nil {
		t.Errorf("setting = %q, %v", got, err)
	}
}
