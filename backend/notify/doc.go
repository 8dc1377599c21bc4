// Package notify shows notices on the desktop, with buttons where the platform
// has them.
//
// Rules:
//   - Every call has a deadline and a goroutine of its own: a notification
//     service that hangs must not hang the program. A notice that a hanging
//     service accepts after that is withdrawn, since its caller was told that
//     it isn't shown.
//   - On Linux it stands on esiqveland/notify's calls over a private D-Bus
//     connection, but not on that library's signal loop, which believes every
//     sender and panics on a malformed signal.
//   - A notice's texts come from people's account names. They are escaped
//     where the service takes markup, and never reach a shell or a script.
//   - What a button does travels as a short key that is parsed strictly: keys
//     come back over a bus on which every program of the user can speak.
//   - On Linux, where the service fails, gen2brain/beeep shows the notice
//     without buttons; see plain.go for where that is of use.
package notify
