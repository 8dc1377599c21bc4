//go:build !linux && !e2e

package clock

import "github.com/kiteaccounts/kite-accounts/backend/kite"

func system() kite.Clock { return kite.SystemClock{} }
