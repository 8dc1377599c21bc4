package autostart

import (
	"errors"

	"golang.org/x/sys/windows/registry"
)

// Of the current user: no administrator is needed.
const (
	runKey      = `Software\Microsoft\Windows\CurrentVersion\Run`
	approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
)

func (a Autostart) enabled() (bool, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer key.Close() //nolint:errcheck // only read
	command, _, err := key.GetStringValue(ID)
	if errors.Is(err, registry.ErrNotExist) || errors.Is(err, registry.ErrUnexpectedType) {
		return false, nil
	}
	wanted, tooLong := runLine(a.Program, a.Args)
	return err == nil && tooLong == nil && command == wanted && isApproved(), err
}

func isApproved() bool {
	key, err := registry.OpenKey(registry.CURRENT_USER, approvedKey, registry.QUERY_VALUE)
	if err != nil {
		return true
	}
	defer key.Close() //nolint:errcheck // only read
	value, _, _ := key.GetBinaryValue(ID)
	return approved(value)
}

func (a Autostart) write() error {
	line, err := runLine(a.Program, a.Args)
	if err != nil {
		return err
	}
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer key.Close() //nolint:errcheck // the value is written at once
	if err := key.SetStringValue(ID, line); err != nil {
		return err
	}
	return deleteValue(approvedKey) // the user has said otherwise now
}

func (a Autostart) remove() error {
	return errors.Join(deleteValue(runKey), deleteValue(approvedKey))
}

func deleteValue(path string) error {
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.SET_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer key.Close() //nolint:errcheck // the value is gone at once
	if err := key.DeleteValue(ID); err != nil && !errors.Is(err, registry.ErrNotExist) {
		return err
	}
	return nil
}
