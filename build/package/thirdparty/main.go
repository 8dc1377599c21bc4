// Command thirdparty says whose work the packages contain:
//
//	thirdparty licences -o FILE    names, versions and licence texts, for people
//	thirdparty sbom -o FILE        the same as CycloneDX JSON, for programs
//
// What counts is what is linked or bundled, not what is in go.mod or
// package.json: Go modules by "go list -deps" for each program and system,
// npm packages by the bundler (bundled.mjs), and what neither of them knows
// (extras.go). It runs at the top of the repository, and the page must be
// built. Both files are the same for the same sources and version. It fails
// on a licence that nobody has allowed (allowed.go).
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// build is what the Makefile knows about the build.
type build struct {
	WindowTags, LightTags string // of kite-accounts and of kitectl
	Bundled               string // the file that bundled.mjs wrote
	Version               string
	Date                  time.Time // of the commit, UTC
}

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "thirdparty:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var b build
	flags := flag.NewFlagSet("thirdparty licences|sbom", flag.ContinueOnError)
	out := flags.String("o", "", "the file to write")
	flags.StringVar(&b.WindowTags, "window-tags", "", "build tags of the window")
	flags.StringVar(&b.LightTags, "light-tags", "", "build tags of kitectl")
	flags.StringVar(&b.Bundled, "bundled", "", "list of the page's npm packages, by bundled.mjs")
	flags.StringVar(&b.Version, "version", "0.0.0", "version of Kite Accounts")
	if len(args) == 0 {
		flags.Usage()
		return fmt.Errorf("say licences or sbom")
	}
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	if epoch, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		b.Date = time.Unix(epoch, 0).UTC()
	}
	parts, err := inventory(ctx, ".", b)
	if err != nil {
		return err
	}
	write, ok := map[string]func(io.Writer, build, []part) error{"licences": writeLicences, "sbom": writeSBOM}[args[0]]
	if !ok {
		return fmt.Errorf("say licences or sbom, not %q", args[0])
	}
	var file bytes.Buffer
	if err := write(&file, b, parts); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(*out), 0o755); err != nil { //nolint:gosec // what is built is for everybody
		return err
	}
	return os.WriteFile(*out, file.Bytes(), 0o644) //nolint:gosec // as above
}

// inventory is everything in the packages, its licences known and allowed.
func inventory(ctx context.Context, root string, b build) ([]part, error) {
	modules, err := linked(ctx, root, b)
	if err != nil {
		return nil, err
	}
	packages, err := bundled(root, b.Bundled)
	if err != nil {
		return nil, err
	}
	others, err := extras(ctx, modules)
	if err != nil {
		return nil, err
	}
	parts := append(append(modules, packages...), others...)
	for i := range parts {
		if err := parts[i].identify(); err != nil {
			return nil, err
		}
	}
	return parts, check(parts)
}
