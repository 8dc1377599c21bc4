package datadir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

// private is who may enter: the user who owns it, the system and the
// administrators, everything below included; what the folder above says of
// others doesn't count. %s is the user.
// https://learn.microsoft.com/en-us/windows/win32/secauthz/ace-strings
const private = "D:P(A;OICI;FA;;;%s)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"

// writing is every right to change a folder or what is in it.
// https://learn.microsoft.com/en-us/windows/win32/fileio/file-access-rights-constants
const writing = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | windows.FILE_WRITE_EA | windows.FILE_WRITE_ATTRIBUTES |
	fileDeleteChild | windows.DELETE | windows.WRITE_DAC | windows.WRITE_OWNER | windows.GENERIC_WRITE | windows.GENERIC_ALL

const fileDeleteChild = 0x40

// protect makes the folder, or closes one of ours to others: modes mean nothing
// on Windows, where everybody may read what lies in a folder of a drive's root.
// A folder that others may write to and that holds nothing of ours, such as
// C:\, is refused rather than taken from them, as is one of another user.
func protect(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		if err := makePrivate(path); err != nil {
			return wrap("create data folder", err)
		}
	case err != nil:
		return wrap("look at data folder", err)
	case !info.IsDir():
		return fmt.Errorf("%s is not a folder", path)
	}
	made := err != nil
	others, err := othersRights(path)
	switch {
	case err != nil:
		return wrap("look at data folder", err)
	case others == 0:
		return nil
	case others&writing != 0 && !made && !ours(path):
		return fmt.Errorf("other users may write to %s: choose a folder of your own, or a new one", path)
	}
	return wrap("protect data folder", shut(path))
}

// othersRights are what others than private's may do with the folder or below
// it, all of them together. An owner may always change that, so another user's
// folder is an error.
func othersRights(path string) (windows.ACCESS_MASK, error) {
	security, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return 0, err
	}
	owner, _, err := security.Owner()
	if err != nil {
		return 0, err
	}
	if trusted, err := isTrusted(owner); err != nil || !trusted {
		return 0, errors.Join(err, fmt.Errorf("%s belongs to another user", path))
	}
	list, _, err := security.DACL()
	if errors.Is(err, windows.ERROR_OBJECT_NOT_FOUND) || err == nil && list == nil {
		return windows.GENERIC_ALL, nil // no list lets everybody in
	}
	if err != nil {
		return 0, err
	}
	return rightsIn(list)
}

// rightsIn are what entries of a list allow others. Of an entry that isn't
// plainly for or against somebody, such as one with a condition, nobody here
// knows whom it lets in.
// https://learn.microsoft.com/en-us/windows/win32/api/winnt/ns-winnt-ace_header
func rightsIn(list *windows.ACL) (windows.ACCESS_MASK, error) {
	var rights windows.ACCESS_MASK
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil {
			return 0, err
		}
		switch entry.Header.AceType {
		case windows.ACCESS_DENIED_ACE_TYPE:
			continue
		case windows.ACCESS_ALLOWED_ACE_TYPE:
		default:
			return windows.GENERIC_ALL, nil
		}
		trusted, err := isTrusted((*windows.SID)(unsafe.Pointer(&entry.SidStart))) //nolint:gosec // where an entry has it
		if err != nil {
			return 0, err
		}
		if !trusted {
			rights |= entry.Mask
		}
	}
	return rights, nil
}

// isTrusted says whether an owner or entry of a list is this user, or who may
// do everything anyway. Whoever owns what is made below is this user, too.
func isTrusted(who *windows.SID) (bool, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return false, err
	}
	return who.Equals(user.User.Sid) || who.IsWellKnown(windows.WinLocalSystemSid) || who.IsWellKnown(windows.WinBuiltinAdministratorsSid) ||
		who.IsWellKnown(windows.WinCreatorOwnerSid) || who.IsWellKnown(windows.WinCreatorOwnerRightsSid), nil
}

// shut replaces the folder's list by private; Windows has what is in it
// inherit that instead of what it inherited. What entries somebody gave a file
// by itself, that keeps.
// https://learn.microsoft.com/en-us/windows/win32/api/aclapi/nf-aclapi-setnamedsecurityinfow
// https://learn.microsoft.com/en-us/windows/win32/secauthz/automatic-propagation-of-inheritable-aces
func shut(path string) error {
	security, err := privateOfUser()
	if err != nil {
		return err
	}
	list, _, err := security.DACL()
	if err != nil {
		return err
	}
	return windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil)
}

// makePrivate makes the folder with private's list, so that it is open to
// others at no time. That it is there by then is no error.
// https://learn.microsoft.com/en-us/windows/win32/api/fileapi/nf-fileapi-createdirectoryw
func makePrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	security, err := privateOfUser()
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	attributes := windows.SecurityAttributes{SecurityDescriptor: security}
	attributes.Length = uint32(unsafe.Sizeof(attributes))
	if err := windows.CreateDirectory(name, &attributes); !errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		return err
	}
	return nil
}

func privateOfUser() (*windows.SECURITY_DESCRIPTOR, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	return windows.SecurityDescriptorFromString(fmt.Sprintf(private, user.User.Sid))
}
