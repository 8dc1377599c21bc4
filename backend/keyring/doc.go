// Package keyring keeps a few secrets in the operating system's keyring.
//
// Rules, each learned the hard way (go-keyring 0.2.8 on Linux):
//   - It has no time limit: an unanswered prompt, a stopped daemon or a missing
//     bus block it for ever. It runs in a goroutine with a deadline, and only
//     after a look at the bus says that it needn't ask anybody.
//   - It takes the first signal on the shared session bus for the answer to
//     its prompt. Looking, unlocking and prompting use a private connection
//     here, matched by prompt path and name.
//   - To read one entry it takes seven calls, one after another, on a second
//     connection. Programs that get a session wait for that, so Get asks by
//     itself, over the connection it looks on and for all at once that it can;
//     entries are stored by go-keyring. Measured by make bench.
//   - Locked, dismissed and "no collection" give one untyped text. The look
//     beforehand tells them apart.
//   - On macOS it runs /usr/bin/security, gives it secrets on its input and
//     reads them from its output, never among arguments. That program asks the
//     user about a locked keychain, which the look beforehand keeps it from.
//     What it stored, it gives to every program of the user that runs it.
package keyring
