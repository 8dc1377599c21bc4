// Command portable writes the zip for Windows that needs no setup: both
// programs, the licences and a text that says how to go about it.
//
//	portable PROGRAMS DIST
//
// PROGRAMS is the folder of the programs; the zip goes to the folder DIST, where
// THIRD-PARTY-LICENSES.txt is already. VERSION and SOURCE_DATE_EPOCH are in the
// environment. The same input makes the same bytes.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

//go:embed README.txt
var readme []byte

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "portable:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("give the folder of the programs and the one for the zip")
	}
	version := os.Getenv("VERSION")
	if version == "" {
		return errors.New("VERSION isn't set")
	}
	epoch, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil {
		return fmt.Errorf("read SOURCE_DATE_EPOCH: %w", err)
	}
	name := "kite-accounts-" + version + "-windows-amd64-portable.zip"
	folder := "kite-accounts-" + version
	content, err := pack(folder, files(version, args[0], args[1]), time.Unix(epoch, 0).UTC())
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(args[1], name), content, 0o644) //nolint:gosec // for everybody to read, as all in the folder
}

// entry is a file of the zip: text, or what is at the path.
type entry struct {
	name string
	path string
	text []byte
	mode os.FileMode
}

// files are those of the zip, in their order.
func files(version, programs, dist string) []entry {
	text := bytes.ReplaceAll(readme, []byte("@VERSION@"), []byte(version))
	return []entry{
		{name: "LICENSE.txt", path: "LICENSE", mode: 0o644},
		{name: "README.txt", text: bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")), mode: 0o644},
		{name: "THIRD-PARTY-LICENSES.txt", path: filepath.Join(dist, "THIRD-PARTY-LICENSES.txt"), mode: 0o644},
		{name: "kite-accounts.exe", path: filepath.Join(programs, "kite-accounts.exe"), mode: 0o755},
		{name: "kitectl.exe", path: filepath.Join(programs, "kitectl.exe"), mode: 0o755},
	}
}

// pack makes a zip of one folder, whose files are all of that time. A zip knows
// no time before 1980.
func pack(folder string, entries []entry, at time.Time) ([]byte, error) {
	if oldest := time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC); at.Before(oldest) {
		at = oldest
	}
	var buffer bytes.Buffer
	archive := zip.NewWriter(&buffer)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, e := range entries {
		if err := add(archive, folder, e, at); err != nil {
			return nil, fmt.Errorf("pack %s: %w", e.name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

func add(archive *zip.Writer, folder string, e entry, at time.Time) error {
	content := e.text
	if e.path != "" {
		var err error
		if content, err = os.ReadFile(e.path); err != nil {
			return err
		}
	}
	header := &zip.FileHeader{Name: folder + "/" + e.name, Method: zip.Deflate, Modified: at}
	header.SetMode(e.mode)
	w, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}
