package loginwindow

import (
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/kiteaccounts/kite-accounts/backend/jobobject"
)

// group is a job object with the helper and all that it starts, WebView2's
// processes too. They end with the last handle to the job, so with us at the
// latest:
// https://learn.microsoft.com/en-us/windows/win32/procthread/job-objects
// By its list of flags WebView2 has the shell start its browser where this program
// is elevated or DPI is emulated for it: that one isn't in the job, and ends by
// itself once nothing shows it.
// https://learn.microsoft.com/en-us/microsoft-edge/webview2/concepts/webview-features-flags
type group struct{ job windows.Handle }

func prepare(*exec.Cmd) {}

// adopt puts a helper that has just been started into a job of its own. It
// starts nothing before it is told what to show, so nothing escapes.
func adopt(cmd *exec.Cmd) (*group, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return nil, fmt.Errorf("create job: %w", err)
	}
	g := &group{job}
	if err := g.hold(cmd.Process.Pid); err != nil {
		return nil, errors.Join(err, cmd.Process.Kill(), windows.CloseHandle(job))
	}
	return g, nil
}

func (g *group) hold(pid int) error {
	if err := jobobject.Limit(g.job, windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE); err != nil {
		return err
	}
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid)) // Windows' ids are DWORDs
	if err != nil {
		return fmt.Errorf("open helper: %w", err)
	}
	defer windows.CloseHandle(process) //nolint:errcheck // it was only read
	if err := windows.AssignProcessToJobObject(g.job, process); err != nil {
		return fmt.Errorf("put helper into job: %w", err)
	}
	return nil
}

// kill ends the helper with what it started.
func (g *group) kill() { _ = windows.TerminateJobObject(g.job, 1) }

// The group's end, in milliseconds and tries.
const (
	endPause = 10 * time.Millisecond
	endTries = 200
)

// end ends what is left and waits for it: files are held until then.
func (g *group) end() {
	g.kill()
	var a accounting
	var pins runtime.Pinner // what is handed on as a number would move with the stack
	pins.Pin(&a)
	defer pins.Unpin()
	for range endTries {
		err := windows.QueryInformationJobObject(g.job, jobAccounting, uintptr(unsafe.Pointer(&a)), uint32(unsafe.Sizeof(a)), nil)
		if err != nil || a.activeProcesses == 0 {
			break
		}
		time.Sleep(endPause)
	}
	_ = windows.CloseHandle(g.job)
}

// jobAccounting is JobObjectBasicAccountingInformation, and accounting what it
// gives: JOBOBJECT_BASIC_ACCOUNTING_INFORMATION.
const jobAccounting = 1

type accounting struct {
	_                               [4]int64 // times
	pageFaults, processes           uint32
	activeProcesses, endedProcesses uint32
}

func hasDisplay() bool { return true }
