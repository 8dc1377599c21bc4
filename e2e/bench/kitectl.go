package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/zalando/go-keyring"

	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	ourkeyring "github.com/kiteaccounts/kite-accounts/backend/keyring"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

const (
	bareEntry  = "bench"
	manyListed = 10_000
)

// measureKitectl compares exec with the least program that does as much, and
// lists many accounts, side by side on a desktop with a real keyring.
func measureKitectl(programs string, rounds int) (err error) {
	d, err := desktop.Start(desktop.Options{})
	if err != nil {
		return fmt.Errorf("start virtual desktop: %w", err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := adopt(d.Env()); err != nil {
		return err
	}
	bare := filepath.Join(d.Root, "bare")
	build := exec.Command("go", "build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", bare, "./e2e/bench/bare")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the bare program: %w\n%s", err, out)
	}
	dir, err := oneAccount(filepath.Join(d.Root, "one"))
	if err != nil {
		return err
	}
	plain, err := oneAccount(filepath.Join(d.Root, "plain"))
	if err != nil {
		return err
	}
	kitectl := filepath.Join(programs, "kitectl")
	times, err := sideBySide(rounds,
		[]string{bare, plain.Database(), ourkeyring.Service, bareEntry, "true"},
		[]string{kitectl, "exec", "--data-dir", dir.Path(), "bench", "--", "true"},
		[]string{kitectl, "version"},
	)
	if err != nil {
		return err
	}
	fmt.Printf("kitectl, median of %d runs each, in turns\n", rounds)
	fmt.Printf("  bare program      %6.2f ms   opens one SQLite file, asks the Secret Service once, execs true\n", millis(times[0]))
	fmt.Printf("  exec NAME -- true %6.2f ms   %.2f × the bare program   goal: at most 1.25\n", millis(times[1]), millis(times[1])/millis(times[0]))
	fmt.Printf("  version           %6.2f ms   does nothing\n", millis(times[2]))
	return measureList(kitectl, filepath.Join(d.Root, "many"), rounds)
}

func measureList(kitectl, folder string, rounds int) error {
	dir, err := datadir.Open(folder)
	if err != nil {
		return err
	}
	if err := fill(dir.Database(), manyListed); err != nil {
		return err
	}
	times, err := sideBySide(max(rounds/10, 5),
		[]string{kitectl, "list", "--data-dir", folder},
		[]string{kitectl, "list", "--data-dir", folder, "--json"},
	)
	if err != nil {
		return err
	}
	fmt.Printf("  list              %6.2f ms   with %d accounts   goal: under 50\n", millis(times[0]), manyListed)
	fmt.Printf("  list --json       %6.2f ms\n", millis(times[1]))
	return nil
}

// adopt gives this process the desktop's environment, so that it uses its bus.
func adopt(environ []string) error {
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

// oneAccount is a data folder with an account and its session, sealed with a
// key in the keyring.
func oneAccount(folder string) (datadir.Dir, error) {
	ctx := context.Background()
	dir, err := datadir.Open(folder)
	if err != nil {
		return dir, err
	}
	s, err := program.OpenServices(ctx, program.Config{
		Dir: dir, Log: slog.New(slog.DiscardHandler), Clock: clock.ForDataDir(folder), Keyring: ourkeyring.New(),
	}, nil)
	if err != nil {
		return dir, err
	}
	defer s.Close()
	s.Vault.Start(ctx)
	a := kitetest.Account(uuid.NewString())
	a.Name, a.Slug = "Bench", "bench"
	session := kitetest.Session(uuid.NewString(), a, time.Now().UTC())
	session.ExpiresAt = time.Now().Add(time.Hour)
	return dir, errors.Join(
		s.Accounts.Store.CreateAccount(ctx, a, kite.SecretChanges{}),
		s.Sessions.Sessions.SaveSession(ctx, session, kitetest.Tokens("bench")),
		keyring.Set(ourkeyring.Service, bareEntry, "a secret of the bench"),
	)
}

// sideBySide runs the commands in turns and returns the median time of each.
func sideBySide(rounds int, commands ...[]string) ([]time.Duration, error) {
	const warmUp = 3
	times := make([][]time.Duration, len(commands))
	for round := range rounds + warmUp {
		for i, c := range commands {
			began := time.Now()
			if out, err := exec.Command(c[0], c[1:]...).CombinedOutput(); err != nil { //nolint:gosec // the bench's own
				return nil, fmt.Errorf("%s: %w\n%s", c[0], err, out)
			}
			if round >= warmUp {
				times[i] = append(times[i], time.Since(began))
			}
		}
	}
	medians := make([]time.Duration, len(commands))
	for i := range times {
		slices.Sort(times[i])
		medians[i] = times[i][len(times[i])/2]
	}
	return medians, nil
}

func millis(d time.Duration) float64 { return d.Seconds() * 1000 }
