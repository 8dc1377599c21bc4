package detached_test

import (
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/detached"
)

// addressVar makes the test binary the program that is started.
const addressVar = "DETACHED_TEST_ADDRESS"

// said is what the program tells of itself.
type said struct {
	Args   []string
	Input  string
	Folder string
}

func TestMain(m *testing.M) {
	if os.Getenv(addressVar) == "" {
		os.Exit(m.Run())
	}
	conn, err := net.Dial("tcp", os.Getenv(addressVar))
	if err != nil {
		os.Exit(1)
	}
	input, _ := io.ReadAll(os.Stdin)
	folder, _ := os.Getwd()
	_ = json.NewEncoder(conn).Encode(said{os.Args[1:], string(input), folder})
	_ = conn.Close()
}

func TestStart_gives_arguments_and_no_input(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // the test ends
	t.Setenv(addressVar, l.Addr().String())
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := detached.Start(self, "agent", `a "folder" with spaces\`); err != nil {
		t.Fatal(err)
	}
	if err := l.(*net.TCPListener).SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	conn, err := l.Accept()
	if err != nil {
		t.Fatalf("it didn't start: %v", err)
	}
	defer conn.Close() //nolint:errcheck // only read
	var got said
	if err := json.NewDecoder(conn).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if len(got.Args) != 2 || got.Args[1] != `a "folder" with spaces\` || got.Input != "" {
		t.Errorf("it got %+v", got)
	}
	if filepath.VolumeName(self) != "" && got.Folder != filepath.VolumeName(self)+`\` {
		t.Errorf("it keeps %s from being removed", got.Folder)
	}
}

func TestStart_without_a_program(t *testing.T) {
	if err := detached.Start(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("it started")
	}
}
