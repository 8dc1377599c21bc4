package autostart

import (
	"os"
	"path/filepath"
)

// path is where launchd looks when the user logs in.
func path() (string, error) {
	home, err := os.UserHomeDir()
	return filepath.Join(home, "Library", "LaunchAgents", ID+".plist"), err
}

func (a Autostart) enabled() (bool, error) {
	file, err := path()
	if err != nil {
		return false, err
	}
	text, err := readFile(file)
	return err == nil && launches(text, a.Program, a.Args), err
}

func (a Autostart) write() error {
	if passing(a.Program) {
		return errNotInstalled
	}
	file, err := path()
	if err != nil {
		return err
	}
	text, err := launchAgent(a.Program, a.Args)
	if err != nil {
		return err
	}
	return writeFile(file, text)
}

func (a Autostart) remove() error {
	file, err := path()
	if err != nil {
		return err
	}
	return removeFile(file)
}
