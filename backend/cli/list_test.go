package cli_test

import (
	"io"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/cli"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
)

func BenchmarkList(b *testing.B) {
	dir, err := datadir.Open(filepath.Join(b.TempDir(), "data"))
	if err != nil {
		b.Fatal(err)
	}
	if err := manyAccounts(dir, 10_000); err != nil {
		b.Fatal(err)
	}
	for name, args := range map[string][]string{"table": {"list"}, "json": {"list", "--json"}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if code := cli.Run("test", append(args, "--data-dir", dir.Path()), io.Discard, io.Discard); code != 0 {
					b.Fatal(code)
				}
			}
		})
	}
}
