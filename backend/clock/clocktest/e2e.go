//go:build e2e

// Package clocktest gives the processes of a test a clock by which it is
// morning.
package clocktest

// Morning leaves the clock to the data folder's file, which a test of such a
// program writes.
func Morning() error { return nil }

// Environment has nothing to say.
func Environment() (name, value string) { return "CLOCKTEST_SHIFT", "" }
