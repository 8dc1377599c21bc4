//go:build e2e

package clocktest

// Morning leaves the clock to the data folder's file, which a test of such a
// program writes.
func Morning() error { return nil }

// Environment has nothing to say.
func Environment() (name, value string) { return "CLOCKTEST_SHIFT", "" }
