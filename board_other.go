//go:build !linux && !darwin && !windows

package main

import "github.com/kiteaccounts/kite-accounts/backend/clipboard/gtk"

// board refuses to copy.
var board gtk.Board
