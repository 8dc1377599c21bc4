package doctor

import (
	"fmt"
	"io/fs"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Names of the checks, for scripts; they stay.
const (
	NameKeyring       = "keyring"
	NameDatabase      = "database"
	NameFolder        = "data folder"
	NameDisk          = "disk"
	NameClock         = "clock"
	NameZone          = "time zone"
	NameTray          = "tray"
	NameNotifications = "notifications"
	NameWebView       = "web view"
	NameAgent         = "agent"
	NameLocalAPI      = "local API"
	NameVersions      = "versions"
)

// Vault is what was found out about the vault and its keyring, without asking
// anybody.
type Vault struct {
	Exists   bool            // the database has one
	State    kite.VaultState // of opening it; of the keyring alone where there is none
	Provider string          // of the keyring
}

// CheckVault judges the vault.
func CheckVault(v Vault) Check {
	if !v.Exists {
		return checkKeyring(v)
	}
	switch v.State {
	case kite.VaultOpen:
		return ok(NameKeyring, "%s holds the key, and it opens the vault.", v.Provider)
	case kite.VaultNeedsPassphrase:
		return ok(NameKeyring, "The vault is opened by a passphrase; no keyring is needed.")
	case kite.VaultKeyMissing:
		return problem(NameKeyring, "The key of the vault isn't in "+v.Provider+".",
			"Open Kite Accounts: it says what can be done. A backup can be restored with kitectl restore.")
	case kite.VaultKeyMismatch:
		return problem(NameKeyring, "The key in "+v.Provider+" isn't that of this vault.",
			"Is this another computer's data folder? Open Kite Accounts: it says what can be done.")
	}
	return unreachable(v, Problem)
}

func checkKeyring(v Vault) Check {
	if v.State == kite.VaultOpen {
		return ok(NameKeyring, "%s can be reached and is unlocked. There is no vault yet.", v.Provider)
	}
	return unreachable(v, Note)
}

func unreachable(v Vault, level Level) Check {
	switch v.State {
	case kite.VaultKeyringLocked:
		return Check{NameKeyring, level, v.Provider + " is locked.", "Log in on the desktop, or open Kite Accounts and press Unlock."}
	case kite.VaultKeyringAbsent:
		return Check{NameKeyring, level, "No keyring can be reached from here.",
			"On a desktop install gnome-keyring or KWallet. Without one a new vault is opened by a passphrase."}
	case kite.VaultKeyringTimeout:
		return Check{NameKeyring, Problem, v.Provider + " doesn't answer.", "Log out of the desktop and in again."}
	}
	return Check{NameKeyring, Problem, fmt.Sprintf("The vault can't be opened (%s).", v.State), "Open Kite Accounts: it says what is needed."}
}

// Database is what was found out about the database.
type Database struct {
	Err      error // of opening it for reading; ENOTFOUND if there is none
	Version  int64 // of its schema
	Accounts int
	Quick    string // what PRAGMA quick_check answered; "ok" if nothing is wrong
}

// CheckDatabase judges it.
func CheckDatabase(d Database) Check {
	switch {
	case kite.ErrorCode(d.Err) == kite.ENOTFOUND:
		return note(NameDatabase, "There is none yet.", "Add an account: kitectl account add, or open Kite Accounts.")
	case d.Err != nil:
		e := kite.AsError(d.Err)
		return problem(NameDatabase, e.Message, orElse(e.Hint, "Open Kite Accounts: it says what can be done."))
	case d.Quick != "ok":
		return problem(NameDatabase, "It is damaged: "+firstLine(d.Quick)+".", "Copy the data folder away, then restore a backup with kitectl restore.")
	}
	return ok(NameDatabase, "Schema %d, %d accounts, no damage.", d.Version, d.Accounts)
}

func orElse(text, other string) string {
	if text != "" {
		return text
	}
	return other
}

// longestLine bounds what of another program's words is repeated.
const longestLine = 120

func firstLine(text string) string {
	for i, r := range text {
		if r == '\n' || i >= longestLine {
			return text[:i]
		}
	}
	return text
}

// Mode is a file or folder with its permissions.
type Mode struct {
	Path string
	Mode fs.FileMode
}

// Open says whether other users may do anything with it.
func (m Mode) Open() bool { return m.Mode.Perm()&0o077 != 0 }

// CheckFolder judges the permissions of the data folder and of files in it.
// Repaired says that the folder was open to others until it was looked at.
func CheckFolder(folder Mode, repaired bool, files []Mode) []Check {
	var checks []Check
	for _, m := range append([]Mode{folder}, files...) {
		if m.Open() {
			mode := map[bool]string{true: "700", false: "600"}[m.Mode.IsDir()]
			checks = append(checks, problem(NameFolder, fmt.Sprintf("Other users may get at %s (%s).", m.Path, m.Mode), "Close it with: chmod "+mode+" '"+m.Path+"'"))
		}
	}
	switch {
	case len(checks) > 0:
		return checks
	case repaired:
		return []Check{note(NameFolder, "Other users could look into "+folder.Path+" until just now; it is closed again.",
			"Find out what opened it: nothing of Kite Accounts does.")}
	}
	return []Check{ok(NameFolder, "%s is yours alone.", folder.Path)}
}

// CheckNoFolder is for a data folder that can't be used.
func CheckNoFolder(err error) Check {
	return problem(NameFolder, "It can't be used: "+firstLine(err.Error())+".", "Choose another one with --data-dir, or correct this one's permissions.")
}

// Bounds of free space: what an update of the database and its copy need, and
// what a log and a year's history grow to.
const (
	scarce  = 1 << 30
	tooFull = 100 << 20
)

// CheckDisk judges the space that is left for the data folder, in bytes.
func CheckDisk(free uint64, err error) Check {
	text := fmt.Sprintf("%.1f GiB are free.", float64(free)/(1<<30))
	if free < scarce {
		text = fmt.Sprintf("Only %d MiB are free.", free>>20)
	}
	switch {
	case err != nil:
		return note(NameDisk, "How much space is left can't be told.", "Check that the disk of the data folder is there.")
	case free < tooFull:
		return problem(NameDisk, text, "Free some space: sessions couldn't be stored.")
	case free < scarce:
		return note(NameDisk, text, "Free some space soon.")
	}
	return ok(NameDisk, "%s", text)
}
