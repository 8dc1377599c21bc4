package tray

// accessKey is empty: macOS has none.
const accessKey = ""
