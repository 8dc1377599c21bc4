//go:build linux

package cli_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestLogin_in_the_browser(t *testing.T) {
	d := newLoginDesk(t, 1)
	r := d.start("login", "user-1", "--browser")
	redirect := d.redirect(1, d.page())
	r.until("Log in as SB0001 in your browser. .* port " + d.callback.Port())
	d.follow(redirect)
	said := r.exits(0)
	if !regexp.MustCompile(`(?m)^User 1 \(SB0001\) is logged in until \d+ \w+ 06:00 IST\.$`).MatchString(said) {
		t.Errorf("it said %q", said)
	}
	d.noSecret(said, redirect)
	// A session that works isn't replaced unasked.
	if said := d.start("login", "user-1", "--browser").exits(17); !strings.Contains(said, "--yes") {
		t.Errorf("it said %q", said)
	}
	r = d.start("login", "user-1", "--browser", "--yes")
	d.follow(d.redirect(1, d.page()))
	r.exits(0)
}

func TestLogin_in_the_account_s_own_way_without_opening(t *testing.T) {
	d := newLoginDesk(t, 1, "--way=browser")
	r := d.start("login", "User 1", "--no-open")
	loginURL := r.until("/connect/login")
	r.until("ssh -L " + d.callback.Port() + ":127.0.0.1:" + d.callback.Port() + " HOST")
	d.follow(d.redirect(1, loginURL))
	r.exits(0)
}

func TestLogin_of_somebody_else(t *testing.T) {
	d := newLoginDesk(t, 1)
	r := d.start("login", "User 1", "--browser")
	d.follow(d.redirect(2, d.page()))
	if said := r.exits(16); !strings.Contains(said, "SB0002 logged in, but this account belongs to SB0001") || !strings.Contains(said, "Log out of Kite in your browser") {
		t.Errorf("it said %q", said)
	}
}

func TestLogin_where_the_port_is_taken(t *testing.T) {
	d := newLoginDesk(t, 1)
	l, err := net.Listen("tcp", d.callback.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // at the test's end
	said := d.start("login", "User 1", "--browser").exits(18)
	if !strings.Contains(said, fmt.Sprintf("Port %s, where the browser's answer would come, is taken by cli.test (process %d)", d.callback.Port(), os.Getpid())) ||
		!strings.Contains(said, "kitectl login user-1 --paste") {
		t.Errorf("it said %q", said)
	}
}

func TestLogin_is_stopped_by_a_signal(t *testing.T) {
	d := newLoginDesk(t, 1)
	r := d.start("login", "User 1", "--browser", "--no-open")
	r.until("ssh -L")
	if err := r.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if said := r.exits(13); !strings.Contains(said, "cancelled") || strings.Contains(said, "card") {
		t.Errorf("it said %q", said)
	}
}

func TestLogin_by_what_is_pasted_on_standard_input(t *testing.T) {
	d := newLoginDesk(t, 2)
	for n, part := range map[int]func(redirect string) string{
		1: func(redirect string) string { return redirect },
		2: func(redirect string) string { return tokenOf(t, redirect) },
	} {
		r := d.start("login", fmt.Sprintf("User %d", n), "--paste")
		redirect := d.redirect(n, r.until("/connect/login"))
		if _, err := io.WriteString(r.stdin, part(redirect)+"\n"); err != nil {
			t.Fatal(err)
		}
		said := r.exits(0)
		if !strings.Contains(said, fmt.Sprintf("User %d (SB000%d) is logged in until", n, n)) {
			t.Errorf("it said %q", said)
		}
		d.noSecret(said, redirect)
	}
}

func TestLogin_refuses_what_isn_t_pasted_well(t *testing.T) {
	d := newLoginDesk(t, 1)
	for text, code := range map[string]int{
		"hello world": 2, "https://evil.example/?request_token=abcdefgh12345678&status=success": 2, "": 13, "abcdefgh12345678": 15,
	} {
		r := d.start("login", "User 1", "--paste")
		r.until("/connect/login")
		_, _ = io.WriteString(r.stdin, text)
		_ = r.stdin.Close()
		if said := r.exits(code); strings.Contains(said, "card") || strings.Contains(said, "is logged in") {
			t.Errorf("%q: it said %q", text, said)
		}
	}
}

func TestLogin_all_goes_on_and_sums_up(t *testing.T) {
	d := newLoginDesk(t, 3, "--way=browser")
	r := d.start("login", "--all")
	d.follow(d.redirect(1, d.page()))
	r.until("2 of 3: User 2")
	d.follow(d.redirect(3, d.page())) // the wrong person
	r.until("3 of 3: User 3")
	d.follow(d.redirect(3, d.page()))
	said := r.exits(16)
	for _, want := range []string{"User 1 (SB0001) is logged in", "User 2 (SB0002) isn't logged in: SB0003 logged in", "User 3 (SB0003) is logged in", "2 of 3 accounts are logged in."} {
		if !strings.Contains(said, want) {
			t.Errorf("it said %q, without %q", said, want)
		}
	}
}

func TestLogin_all_stops_at_a_signal(t *testing.T) {
	d := newLoginDesk(t, 2, "--way=browser")
	r := d.start("login", "--all", "--no-open")
	r.until("1 of 2: User 1")
	r.until("ssh -L")
	_ = r.cmd.Process.Signal(os.Interrupt)
	if said := r.exits(13); !strings.Contains(said, "Stopped: 0 of 2") || strings.Contains(said, "2 of 2") {
		t.Errorf("it said %q", said)
	}
}

func TestLogin_all_of_nobody(t *testing.T) {
	if said := newLoginDesk(t, 0).start("login", "--all").exits(0); said != "No account needs a login.\n" {
		t.Errorf("it said %q", said)
	}
}

func TestExec_logs_in_first(t *testing.T) {
	d := newLoginDesk(t, 1, "--way=browser")
	r := d.start("exec", "--login", "User 1", "--passphrase-fd=3", "--", "sh", "-c", "echo token of $KITE_USER_ID")
	d.follow(d.redirect(1, d.page()))
	if said := r.exits(0); !strings.Contains(said, "token of SB0001") {
		t.Errorf("it said %q", said)
	}
}

func TestLogin_by_what_is_pasted_at_the_terminal(t *testing.T) {
	d := newLoginDesk(t, 1)
	r, tty := d.startAtTerminal("login", "User 1", "--paste")
	redirect := d.redirect(1, r.until("/connect/login"))
	r.prompt("(not shown): ")
	waitUntilHidden(t, tty)
	_, _ = io.WriteString(r.stdin, strings.Replace(redirect, "state=", "state=0", 1)+"\n")
	r.until("doesn't belong to the login that was started here")
	r.prompt("(not shown): ")
	waitUntilHidden(t, tty)
	_, _ = io.WriteString(r.stdin, redirect+"\n")
	r.until("is logged in until")
	if err := r.cmd.Wait(); err != nil || !echoes(t, tty) {
		t.Errorf("%v; the terminal echoes: %t", err, echoes(t, tty))
	}
	d.noSecret(strings.Join(r.said.lines, ""), redirect)
}

func TestLogin_gives_the_terminal_back_when_it_is_stopped(t *testing.T) {
	d := newLoginDesk(t, 1)
	r, tty := d.startAtTerminal("login", "User 1", "--paste")
	r.prompt("(not shown): ")
	waitUntilHidden(t, tty)
	_, _ = io.WriteString(r.stdin, "\x03")
	_ = r.cmd.Wait() // the code says it
	if code := r.cmd.ProcessState.ExitCode(); code != 13 || !echoes(t, tty) {
		t.Errorf("exit code %d; the terminal echoes: %t", code, echoes(t, tty))
	}
}

func TestLogin_asks_at_the_terminal_before_it_ends_a_token(t *testing.T) {
	d := newLoginDesk(t, 1, "--way=browser")
	r := d.start("login", "User 1")
	d.follow(d.redirect(1, d.page()))
	r.exits(0)
	r, _ = d.startAtTerminal("login", "User 1")
	r.prompt("Log in all the same? [y/N] ")
	_, _ = io.WriteString(r.stdin, "n\n")
	_ = r.cmd.Wait() // the code says it
	if code := r.cmd.ProcessState.ExitCode(); code != 13 {
		t.Errorf("no: exit code %d", code)
	}
	r, _ = d.startAtTerminal("login", "User 1")
	r.prompt("Log in all the same? [y/N] ")
	_, _ = io.WriteString(r.stdin, "y\n")
	d.follow(d.redirect(1, d.page()))
	if err := r.cmd.Wait(); err != nil {
		t.Errorf("yes: %v", err)
	}
}
