package tray

// accessKey is empty: macOS has none.
const accessKey = ""

// clickOpens is false: a click on a menu bar's icon shows its menu.
const clickOpens = false
