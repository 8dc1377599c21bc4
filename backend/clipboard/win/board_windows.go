package win

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"runtime"

	"github.com/kiteaccounts/kite-accounts/backend/clipboard"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Board is the clipboard of the user's session.
//
// Every copy carries a number of its own in a format that only this program
// asks for. That is how Clear knows it again, while nobody else can change the
// clipboard: its sequence number is known only after others may have copied.
type Board struct{}

var _ clipboard.Board = Board{}

// The clipboard's formats. Those for secrets keep a text out of Windows'
// clipboard history and off the user's other devices; other programs that watch
// the clipboard may heed the first of them, but nothing makes them:
// https://learn.microsoft.com/en-us/windows/win32/dataxchg/clipboard-formats#cloud-clipboard-and-clipboard-history-formats
const (
	formatMark    = "Kite Accounts copy"
	formatExclude = "ExcludeClipboardContentFromMonitorProcessing"
	formatHistory = "CanIncludeInClipboardHistory"
	formatCloud   = "CanUploadToCloudClipboard"
)

// Set puts text on the clipboard.
func (Board) Set(text string, secret bool) (copied uint64, err error) {
	var number [8]byte
	_, _ = rand.Read(number[:]) // never fails
	contents, err := contentsOf(text, secret, number[:])
	if err != nil {
		return 0, refused.Because(err)
	}
	defer func() {
		for _, c := range contents {
			clear(c.data)
		}
	}()
	err = locked(func() error {
		if err := empty(); err != nil {
			return err
		}
		for _, c := range contents {
			if err := put(c.format, c.data); err != nil {
				_ = empty() // half a secret isn't marked as one
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, refused.Because(err)
	}
	return binary.LittleEndian.Uint64(number[:]), nil
}

// Clear empties the clipboard if it still holds that copy.
func (Board) Clear(copied uint64) error {
	mark, err := register(formatMark)
	if err == nil {
		err = locked(func() error {
			held, there, err := get(mark)
			if err != nil {
				return err
			}
			if !there || len(held) < 8 || binary.LittleEndian.Uint64(held) != copied {
				return nil
			}
			return empty()
		})
	}
	if err != nil {
		return refused.Because(err)
	}
	return nil
}

type content struct {
	format uint32
	data   []byte
}

// contentsOf is what a copy consists of; what keeps it secret comes first.
func contentsOf(text string, secret bool, number []byte) ([]content, error) {
	var contents []content
	add := func(name string, data []byte) error {
		format, err := register(name)
		if err != nil {
			return err
		}
		contents = append(contents, content{format, data})
		return nil
	}
	never := func() []byte { return make([]byte, 4) } // a DWORD that says no
	if secret {
		for _, name := range []string{formatExclude, formatHistory, formatCloud} {
			if err := add(name, never()); err != nil {
				return nil, err
			}
		}
	}
	if err := add(formatMark, append([]byte{}, number...)); err != nil {
		return nil, err
	}
	units, err := unitsOf(text)
	if err != nil {
		return nil, fmt.Errorf("encode text: %w", err)
	}
	return append(contents, content{formatText, units}), nil
}

// locked does something while this program has the clipboard, on one thread.
func locked(f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	release, err := open()
	if err != nil {
		return err
	}
	err = f()
	return release(err)
}

var refused = kite.Errorf(kite.EINTERNAL, "The clipboard didn't take it.").
	WithHint("Copy again. If it keeps failing, reveal the value and select it.")
