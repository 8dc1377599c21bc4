package inspect

import (
	"debug/pe"
	"fmt"
)

// PE says the same of a 64-bit Windows program as ELF does of a Linux one. See
// https://learn.microsoft.com/en-us/windows/win32/debug/pe-format, "DLL
// Characteristics". subsystem is pe.IMAGE_SUBSYSTEM_WINDOWS_GUI or _CUI.
func PE(path string, subsystem uint16) ([]string, error) {
	file, err := pe.Open(path)
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", path, err)
	}
	defer func() { _ = file.Close() }()
	header, ok := file.OptionalHeader.(*pe.OptionalHeader64)
	if !ok {
		return []string{"it is no 64-bit program"}, nil
	}
	var faults []string
	for _, wanted := range []struct {
		bit   uint16
		fault string
	}{
		{pe.IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE, "its addresses are fixed"},
		{pe.IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA, "its addresses are random within 32 bits only"},
		{pe.IMAGE_DLLCHARACTERISTICS_NX_COMPAT, "data can be executed"},
	} {
		if header.DllCharacteristics&wanted.bit == 0 {
			faults = append(faults, wanted.fault)
		}
	}
	if header.Subsystem != subsystem {
		faults = append(faults, fmt.Sprintf("its subsystem is %d, not %d", header.Subsystem, subsystem))
	}
	if len(file.Symbols) > 0 {
		faults = append(faults, fmt.Sprintf("not stripped: there are %d symbols", len(file.Symbols)))
	}
	const writableCode = pe.IMAGE_SCN_MEM_WRITE | pe.IMAGE_SCN_MEM_EXECUTE
	for _, section := range file.Sections {
		if section.Characteristics&writableCode == writableCode {
			faults = append(faults, "memory is writable and executable: "+section.Name)
		}
		if len(section.Name) > 5 && section.Name[:6] == ".debug" {
			faults = append(faults, "not stripped: there is a section "+section.Name)
		}
	}
	return faults, nil
}
