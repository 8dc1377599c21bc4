// Package sqlite keeps accounts, sessions, key slots, settings, the history and
// what was told in one SQLite file, which is the truth that window, agent and
// command line share.
//
// Rules:
//   - Every pragma is in the DSN or the connect hook: an Exec reaches one
//     pooled connection only.
//   - A process has one connection to a database, and opens it once at a time.
//   - A commit survives power loss (WAL with synchronous=FULL).
//   - A file that is damaged or newer than this program is refused and left
//     untouched, to the byte.
//   - Secrets are sealed before they come here, bound to table, column and row.
//   - The schema changes only by a further file in migration/, and never
//     without a copy of the database from before.
package sqlite
