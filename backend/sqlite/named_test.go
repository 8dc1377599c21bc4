package sqlite_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// Programs ask with each call: among many accounts it must take no longer.
func TestAccountsNamed_looks_at_no_other_accounts(t *testing.T) {
	db := mustOpen(t, filepath.Join(t.TempDir(), "test.db"))
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+sqlite.SelectNamed, "a", "a")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, step)
	}
	all := strings.Join(plan, "\n")
	if err := rows.Err(); err != nil || strings.Contains(all, "SCAN") || strings.Count(all, "SEARCH kite_accounts USING INDEX") != 2 {
		t.Errorf("plan, %v:\n%s", err, all)
	}
}
