// Package kite is the vocabulary of Kite Accounts. It imports the standard
// library only; every other package depends on it and it on none.
//
//   - Account: one Zerodha client ID used with one Kite Connect app (API key
//     and secret). What a list needs is in plain fields; its Secrets come from
//     the store separately and need an open vault.
//   - Session: what one login gave: who logged in, when, until when. Its
//     Tokens come separately too.
//   - Login: the way from a press on "Get Session Token" to a Session:
//     LoginWindow → Redirect → Broker.Exchange → right person → SessionStore.
//   - request_token: the one-time token on the redirect, good for a few
//     minutes. access_token: what a program sends with every call.
//     checksum: SHA-256 of api_key + request_token + api_secret.
//   - Secret: a value that prints as dots whatever prints it.
//   - Event: something changed; fetch it again.
//   - Error: a code for the program, a sentence and a way on for the person.
//
// Times are time.Time in UTC; IST is a fixed zone, so no zone database is
// needed.
package kite
