// Package history shows the past: as a table for other programs, and as the
// days of an account.
package history
