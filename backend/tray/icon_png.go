//go:build !windows

package tray

import _ "embed" // the icons

var (
	//go:embed icons/ready.png
	iconReady []byte
	//go:embed icons/soon.png
	iconSoon []byte
	//go:embed icons/login.png
	iconLogin []byte
)
