package tray

// accessKey marks one in Windows' menus.
const accessKey = "&"
