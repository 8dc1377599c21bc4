//go:build e2e || (!linux && !darwin && !windows)

package hardening

// Apply does nothing in this build.
func Apply() error { return nil }

// ApplyWindowless does nothing in this build.
func ApplyWindowless() error { return nil }

// ApplyUntilExec does nothing in this build.
func ApplyUntilExec() error { return nil }
