// Package gtklooptest gives tests a display and a running GTK loop, as the
// window's process has them. It is for tests only.
package gtklooptest

/*
#cgo pkg-config: gtk+-3.0
#include <gtk/gtk.h>

static gboolean quit(gpointer unused) {
	gtk_main_quit();
	return G_SOURCE_REMOVE;
}

static void quit_soon(void) { g_idle_add(quit, NULL); }
*/
import "C"

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
)

// Main is a TestMain's body: it runs the tests with an X server of their own,
// named in $DISPLAY, and with GTK's loop on another thread, and ends the
// process. It ends it without C's exit handlers: the race detector would run
// them on a thread where WebKit's abort.
func Main(m *testing.M) { syscall.Exit(run(m)) }

func run(m *testing.M) (status int) {
	server, display, err := startServer()
	if err != nil {
		fmt.Fprintln(os.Stderr, "start X server:", err)
		return 1
	}
	defer func() { _ = server.Wait() }()
	defer func() { _ = server.Process.Signal(syscall.SIGTERM) }() // lets it remove its socket
	for name, value := range map[string]string{"DISPLAY": display, "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"} {
		if err := os.Setenv(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	ended, err := startLoop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "start GTK:", err)
		return 1
	}
	status = m.Run()
	C.quit_soon()
	<-ended
	return status
}

// startServer starts an X server and waits until it answers. Servers that
// choose their display themselves can choose the same one when they start at
// the same moment, as those of several test binaries do.
func startServer() (server *exec.Cmd, display string, err error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = read.Close() }()
	display = fmt.Sprintf(":%d", 1000+os.Getpid()%50_000)
	server = exec.Command("Xvfb", display, "-displayfd", "3", "-nolisten", "tcp", "-screen", "0", "1024x768x24") //nolint:noctx // ended by Main
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		return nil, "", err
	}
	_ = write.Close()
	// To the end of the line: a server whose reader is gone too early dies.
	if _, err := bufio.NewReader(read).ReadString('\n'); err != nil {
		_ = server.Wait()
		return nil, "", fmt.Errorf("the server ended at once: %w", err)
	}
	return server, display, nil
}

func startLoop() (ended chan struct{}, err error) {
	ended = make(chan struct{})
	started := make(chan error, 1)
	go func() {
		defer close(ended)
		runtime.LockOSThread()
		if C.gtk_init_check(nil, nil) == 0 {
			started <- errors.New("no display")
			return
		}
		started <- nil
		C.gtk_main()
	}()
	return ended, <-started
}
