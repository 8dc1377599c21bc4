package main

import "github.com/kiteaccounts/kite-accounts/backend/clipboard/win"

// board is the desktop's clipboard.
var board win.Board
