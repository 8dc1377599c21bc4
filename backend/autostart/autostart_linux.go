package autostart

import (
	"errors"
	"os"
	"path/filepath"
)

var errNoHome = errors.New("neither XDG_CONFIG_HOME nor HOME is an absolute path")

// path is $XDG_CONFIG_HOME/autostart, by default in ~/.config.
func path() (string, error) {
	dir := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(dir) { // the specification has relative ones ignored
		home := os.Getenv("HOME")
		if !filepath.IsAbs(home) {
			return "", errNoHome
		}
		dir = filepath.Join(home, ".config")
	}
	return filepath.Join(dir, "autostart", ID+".desktop"), nil
}

func (a Autostart) enabled() (bool, error) {
	file, err := path()
	if err != nil {
		return false, err
	}
	text, err := readFile(file)
	if err != nil {
		return false, err
	}
	command, err := execLine(a.Program, a.Args)
	return err == nil && switchedOn(string(text), command), err
}

func (a Autostart) write() error {
	file, err := path()
	if err != nil {
		return err
	}
	text, err := desktopFile(a.Program, a.Args)
	if err != nil {
		return err
	}
	return writeFile(file, []byte(text))
}

func (a Autostart) remove() error {
	file, err := path()
	if err != nil {
		return err
	}
	return removeFile(file)
}
