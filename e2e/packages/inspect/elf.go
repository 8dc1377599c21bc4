package inspect

import (
	"debug/elf"
	"fmt"
	"slices"
	"strings"
)

// ELF says how a program lacks what the linker can do against attacks: its
// addresses are random (PIE), its tables of addresses are read-only before it
// starts (RELRO with immediate binding), no memory is both writable and
// executable, and libraries come from the system's folders only. It also says
// what debuggers would need and users don't. See ld(1), -z.
func ELF(path string) ([]string, error) {
	file, err := elf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", path, err)
	}
	defer func() { _ = file.Close() }()
	faults := segments(file)
	for _, section := range file.Sections {
		if section.Type == elf.SHT_SYMTAB || strings.HasPrefix(section.Name, ".debug") || strings.HasPrefix(section.Name, ".zdebug") {
			faults = append(faults, "not stripped: there is a section "+section.Name)
		}
	}
	dynamic, err := tags(file)
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", path, err)
	}
	if file.Type != elf.ET_DYN || dynamic[elf.DT_FLAGS_1]&uint64(elf.DF_1_PIE) == 0 {
		faults = append(faults, "its addresses are fixed: it is no PIE")
	}
	if dynamic[elf.DT_FLAGS]&uint64(elf.DF_BIND_NOW) == 0 && dynamic[elf.DT_FLAGS_1]&uint64(elf.DF_1_NOW) == 0 {
		faults = append(faults, "functions are looked up lazily, so RELRO is partial")
	}
	for tag, fault := range map[elf.DynTag]string{
		elf.DT_RPATH: "RPATH", elf.DT_RUNPATH: "RUNPATH", elf.DT_TEXTREL: "TEXTREL",
	} {
		if _, there := dynamic[tag]; there {
			faults = append(faults, "there is a "+fault)
		}
	}
	slices.Sort(faults)
	return faults, nil
}

func segments(file *elf.File) (faults []string) {
	relro, stack := false, false
	for _, segment := range file.Progs {
		if segment.Flags&elf.PF_W != 0 && segment.Flags&elf.PF_X != 0 {
			faults = append(faults, fmt.Sprintf("memory is writable and executable: %s", segment.Type))
		}
		relro = relro || segment.Type == elf.PT_GNU_RELRO
		stack = stack || segment.Type == elf.PT_GNU_STACK
	}
	if !relro {
		faults = append(faults, "there is no RELRO")
	}
	if !stack { // the kernel's default is an executable one
		faults = append(faults, "nothing forbids code on the stack")
	}
	return faults
}

// tags are the dynamic section's, with 0 for what isn't there.
func tags(file *elf.File) (map[elf.DynTag]uint64, error) {
	section := file.SectionByType(elf.SHT_DYNAMIC)
	if section == nil {
		return nil, nil
	}
	content, err := section.Data()
	if err != nil {
		return nil, err
	}
	found := map[elf.DynTag]uint64{}
	const entry = 16 // bytes, in 64-bit files
	for ; len(content) >= entry; content = content[entry:] {
		tag := elf.DynTag(file.ByteOrder.Uint64(content)) //nolint:gosec // of the 64 bits all are used
		if tag == elf.DT_NULL {
			break
		}
		found[tag] = file.ByteOrder.Uint64(content[8:])
	}
	return found, nil
}

// Libraries are the names of the libraries that a program is linked with, which
// ones those need is theirs.
func Libraries(path string) ([]string, error) {
	file, err := elf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", path, err)
	}
	defer func() { _ = file.Close() }()
	return file.ImportedLibraries()
}
