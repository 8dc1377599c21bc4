// Command bench measures, on virtual desktops: kitectl exec against the least
// program that does as much; a list of ten thousand accounts; the agent with
// 200 accounts, how much memory it holds, how often it wakes up, and how soon
// after a click in the tray a window is on the screen. All of it comes from one
// run, beside the window's own figures, since computers differ. It decides
// nothing: a slow computer is no failure.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

func main() {
	programs := flag.String("programs", filepath.Join("build", "bin"), "`folder` of the built programs")
	accounts := flag.Int("accounts", 200, "how many accounts, each with a session")
	watch := flag.Duration("watch", 10*time.Minute, "how long wake-ups are counted")
	clicks := flag.Int("clicks", 5, "how often the window is opened from the tray")
	runs := flag.Int("runs", 200, "how often each of kitectl's commands runs")
	only := flag.String("only", "", "measure only the `part` gateway, kitectl or agent")
	flag.Parse()
	part, err := runPart(flag.Args())
	if !part && (*only == "" || *only == "gateway") {
		err = measureGateway()
	}
	if err == nil && !part && (*only == "" || *only == "kitectl") {
		err = measureKitectl(*programs, *runs)
	}
	if err == nil && !part && (*only == "" || *only == "agent") {
		err = run(*programs, *accounts, *watch, *clicks)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(programs string, accounts int, watch time.Duration, clicks int) (err error) {
	if programs, err = filepath.Abs(programs); err != nil {
		return err
	}
	d, err := desktop.Start(desktop.Options{Panel: true, SystemBus: true})
	if err != nil {
		return fmt.Errorf("start virtual desktop: %w", err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	app, err := kiteapp.New(d, programs)
	if err != nil {
		return err
	}
	if err := fill(app.Database(), accounts); err != nil {
		return err
	}
	if _, err := app.StartAgent(); err != nil {
		return err
	}
	pid, err := app.AwaitAgent(0)
	if err != nil {
		return err
	}
	fmt.Printf("Agent with %d accounts\n", accounts)
	if err := measureAgent(pid, watch); err != nil {
		return err
	}
	return measureWindow(app, pid, clicks)
}

// fill makes accounts with a session each. Nobody asks for their secrets, so
// what they are sealed with doesn't matter.
func fill(database string, accounts int) (err error) {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, "PRAGMA synchronous = OFF"); err != nil {
		return err
	}
	sealer := &kitetest.Sealer{}
	now := time.Now().UTC()
	for i := range accounts {
		a := kitetest.Account(fmt.Sprintf("id%04d", i))
		a.Name, a.ClientID = fmt.Sprintf("Account %d", i), fmt.Sprintf("AB%04d", i)
		s := kitetest.Session("session of "+a.ID, a, now)
		err := errors.Join(
			db.Accounts(sealer).CreateAccount(ctx, a, kite.SecretChanges{}),
			db.Sessions(sealer).SaveSession(ctx, s, kitetest.Tokens(a.ID)),
		)
		if err != nil {
			return err
		}
	}
	p := kite.DefaultPreferences()
	p.OnClose, p.AutostartOffered = kite.CloseStays, true
	return kite.SavePreferences(ctx, db.Settings(), p)
}

// settle is how long after its start the agent is as it is all day: it makes
// itself small once nothing has happened for a quarter of a minute.
const settle = 25 * time.Second

func measureAgent(pid int, watch time.Duration) error {
	time.Sleep(settle)
	before, err := switches(pid)
	if err != nil {
		return err
	}
	time.Sleep(watch)
	after, err := switches(pid)
	if err != nil {
		return err
	}
	memory, err := pss(pid)
	if err != nil {
		return err
	}
	fmt.Printf("  memory (PSS)      %5.1f MiB   goal: at most 20\n", memory)
	fmt.Printf("  wake-ups          %5.2f a minute, counted over %s   goal: at most 1\n", float64(after-before)/watch.Minutes(), watch)
	return nil
}

// switches are the voluntary context switches of all threads so far.
func switches(pid int) (total int, err error) {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("no threads of process %d: %w", pid, err)
	}
	for _, file := range files {
		n, err := field(file, "voluntary_ctxt_switches:")
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// pss is the process's proportional share of memory in MiB. Only root may read
// that of a hardened process.
func pss(pid int) (float64, error) {
	kib, err := field(fmt.Sprintf("/proc/%d/smaps_rollup", pid), "Pss:")
	return float64(kib) / 1024, err
}

func field(file, name string) (int, error) {
	text, err := os.ReadFile(file) //nolint:gosec // of /proc
	if err != nil {
		return 0, fmt.Errorf("measure (as root?): %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			return strconv.Atoi(strings.Fields(rest)[0])
		}
	}
	return 0, fmt.Errorf("no %s in %s", name, file)
}

func measureWindow(app *kiteapp.App, agent, clicks int) error {
	var times []time.Duration
	var window float64
	for range clicks {
		item, err := app.Tray(agent)
		if err != nil {
			return err
		}
		began := time.Now()
		if err := app.ChooseTray(item, "Open"); err != nil {
			return err
		}
		shown, err := awaitWindow(app)
		if err != nil {
			return err
		}
		times = append(times, time.Since(began))
		time.Sleep(time.Second)
		if window, err = pssOfTree(shown.PID); err != nil {
			return err
		}
		if err := closeWindow(app, shown); err != nil {
			return err
		}
	}
	slices.Sort(times)
	light, err := pss(agent)
	if err != nil {
		return err
	}
	fmt.Printf("  click to window   %5.2f s median of %d (%.2f to %.2f)   goal: 0.6\n",
		times[len(times)/2].Seconds(), clicks, times[0].Seconds(), times[len(times)-1].Seconds())
	fmt.Printf("Window for comparison\n  memory (PSS)      %5.1f MiB with WebKit's processes: %.1f × the agent, which holds %.1f MiB after all that\n",
		window, window/light, light)
	return nil
}

const patience = 30 * time.Second

func awaitWindow(app *kiteapp.App) (desktop.Window, error) {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		windows, err := app.Windows()
		if err != nil {
			return desktop.Window{}, err
		}
		for _, w := range windows {
			if w.Title == "Kite Accounts" {
				return w, nil
			}
		}
	}
	return desktop.Window{}, errors.New("no window came")
}

func closeWindow(app *kiteapp.App, w desktop.Window) error {
	if err := app.CloseWindow(w); err != nil {
		return err
	}
	return desktop.Await("the end of the window", patience, func() bool {
		_, err := os.Stat(fmt.Sprintf("/proc/%d", w.PID))
		return os.IsNotExist(err)
	})
}

// pssOfTree adds the process's children, which are WebKit's.
func pssOfTree(pid int) (float64, error) {
	total, err := pss(pid)
	if err != nil {
		return 0, err
	}
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return 0, err
	}
	for _, task := range tasks {
		text, err := os.ReadFile(task) //nolint:gosec // of /proc
		if err != nil {
			continue // the thread has ended
		}
		for _, child := range strings.Fields(string(text)) {
			id, err := strconv.Atoi(child)
			if err != nil {
				return 0, err
			}
			more, err := pssOfTree(id)
			if err != nil {
				return 0, err
			}
			total += more
		}
	}
	return total, nil
}
