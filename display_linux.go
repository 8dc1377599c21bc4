package main

import "os"

// hasDisplay says whether there is anything to open a window on. The toolkit
// would end the process without a word.
func hasDisplay() bool { return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" }
