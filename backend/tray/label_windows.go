package tray

// accessKey marks one in Windows' menus.
const accessKey = "&"

// clickOpens says that a click opens the window; the other button has the menu.
const clickOpens = true
