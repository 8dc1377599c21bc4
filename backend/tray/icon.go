package tray

// The icons differ by shape: a whole kite, a kite with a clock, the outline of
// a kite with an exclamation mark. build/tray has their drawings.

func iconOf(s State) []byte {
	switch s {
	case NeedsLogin:
		return iconLogin
	case Soon:
		return iconSoon
	default:
		return iconReady
	}
}
