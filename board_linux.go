package main

import "github.com/kiteaccounts/kite-accounts/backend/clipboard/gtk"

// board is the desktop's clipboard.
var board gtk.Board
