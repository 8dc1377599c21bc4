package loopback

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
)

// proc is where Linux tells of sockets and processes:
// https://docs.kernel.org/networking/proc_net_tcp.html.
const proc = "/proc"

// holderOf names the program that listens on the port. The system tells only
// of the user's own; another's stays "another program".
func holderOf(port int) string {
	sockets := map[string]bool{}
	for _, table := range []string{"tcp", "tcp6"} {
		listening(filepath.Join(proc, "net", table), port, sockets)
	}
	if len(sockets) == 0 {
		return "another program"
	}
	pids, _ := filepath.Glob(filepath.Join(proc, "[0-9]*"))
	for _, folder := range pids {
		if !holds(folder, sockets) {
			continue
		}
		if pid := filepath.Base(folder); pid == strconv.Itoa(os.Getpid()) {
			return "another login of Kite Accounts that waits for its browser"
		} else if name := commandOf(folder); name != "" {
			return fmt.Sprintf("%s (process %s)", name, pid)
		}
	}
	return "another program"
}

// listening adds the sockets that listen on the port, as links in a process's
// fd folder name them.
func listening(table string, port int, into map[string]bool) {
	f, err := os.Open(table)
	if err != nil {
		return
	}
	defer f.Close() //nolint:errcheck // only read
	const listen = "0A"
	suffix := fmt.Sprintf(":%04X", port)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		columns := strings.Fields(lines.Text())
		if len(columns) > 9 && strings.HasSuffix(columns[1], suffix) && columns[3] == listen {
			into["socket:["+columns[9]+"]"] = true
		}
	}
}

func holds(folder string, sockets map[string]bool) bool {
	links, _ := filepath.Glob(filepath.Join(folder, "fd", "*"))
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && sockets[target] {
			return true
		}
	}
	return false
}

// commandOf is the process's name, which it may choose itself.
func commandOf(folder string) string {
	name, err := os.ReadFile(filepath.Join(folder, "comm"))
	if err != nil {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.TrimSpace(string(name)))
}
