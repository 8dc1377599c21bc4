// Package desktop gives a test a desktop of its own: display, window manager,
// session bus, accessibility bus and keyring, with an own home and own runtime
// folder, and nothing left behind. It knows no application.
//
//	desktop.go        Start, Close, folders and environment
//	process.go        starting and ending processes, their output
//	services.go       Xvfb, openbox, dbus-daemon, at-spi
//	keyring.go        the Secret Service in its states
//	panel.go          a panel that shows tray icons
//	tray.go           tray icons and their menus on the bus
//	notifications.go  notification services, and what they are told
//	notices.go        the bubbles on the screen
//	systembus.go      a system bus that tells of suspend and resume
//	screen.go         mouse, keyboard, windows, screenshots
//	element.go        one thing on the screen as a screen reader sees it
//	roles.go          AT-SPI's names of roles
//	accessibility.go  reading them from the AT-SPI bus
//	query.go          finding and awaiting them
//	form.go           filling in entries
//
// AT-SPI is what screen readers use: what isn't found here, they can't find
// either. Interfaces: https://gitlab.gnome.org/GNOME/at-spi2-core, xml/.
package desktop
