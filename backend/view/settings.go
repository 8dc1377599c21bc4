package view

// Vault is what the vault needs next and which keyring it is about.
type Vault struct {
	State    string `json:"state"`
	Provider string `json:"provider"`
	// CanCreatePassphrase says that nothing is stored yet, so that a passphrase
	// can be chosen instead of the keyring.
	CanCreatePassphrase bool `json:"canCreatePassphrase"`
}

// Clock is the program's time and the user's zone.
type Clock struct {
	Now           int64  `json:"now"`
	Zone          string `json:"zone"`
	OffsetMinutes int    `json:"offsetMinutes"` // east of Greenwich
	InIndia       bool   `json:"inIndia"`       // the zone keeps Indian time
}

// DataProblem is why the database can't be used. It is untouched.
type DataProblem struct {
	Failure
	Kind string `json:"kind"` // damaged, newer, readonly, locked, other
	Path string `json:"path"`
}

// ListPreferences is how the list is shown.
type ListPreferences struct {
	View string `json:"view"` // cards, list
	Sort string `json:"sort"` // name, expiry, lastLogin, status
}
