// Package expiry knows what ends when and what to tell the user about it. It
// knows no window, tray or notification library.
//
//	watch.go    the loop: armed for the next thing that will happen
//	duties.go   what is done whoever listens: mark expired, erase, verify, prune
//	plan.go     pure: the facts in, what to tell and withdraw and when to look again out
//	ending.go   pure: sessions that end soon
//	ended.go    pure: sessions that ended by time or by Kite's word
//	morning.go  pure: accounts without a session for the trading day
//	upkeep.go   pure: what on the screen no longer holds
//	words.go    the sentences
//
// Rules: everything is decided from the wall clock and the database, so that
// it doesn't matter when, how often or in which process it is decided; a thing
// is told once, except when the user chose Later; what ends together is one
// notice; nothing is told in quiet hours but the morning reminder, whose time
// the user set; what ended in quiet hours is left to the morning reminder.
package expiry
