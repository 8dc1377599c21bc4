package main

import "github.com/kiteaccounts/kite-accounts/backend/clipboard/pasteboard"

// board is the desktop's clipboard.
var board pasteboard.Board
