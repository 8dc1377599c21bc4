package tray

import _ "embed" // the icons

var (
	//go:embed icons/ready.ico
	iconReady []byte
	//go:embed icons/soon.ico
	iconSoon []byte
	//go:embed icons/login.ico
	iconLogin []byte
)
