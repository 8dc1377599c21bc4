package desktop

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Process is a program that runs on a desktop in a process group of its own.
type Process struct {
	Name   string
	PID    int
	Output string // path of the file with its stdout and stderr

	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// starter starts every process: the kernel sends the parent-death signal when
// the starting thread ends, and this one never does.
var starter = func() chan<- func() {
	jobs := make(chan func())
	go func() {
		runtime.LockOSThread()
		for job := range jobs {
			job()
		}
	}()
	return jobs
}()

// Run starts a program with the desktop's environment. Its output goes to
// a file in the desktop's log folder.
func (d *Desktop) Run(name string, env []string, program string, args ...string) (*Process, error) {
	return d.start(name, nil, d.programEnv(env...), d.programAttributes(), program, args...)
}

// run starts a part of the desktop.
func (d *Desktop) run(name string, stdin io.Reader, env []string, program string, args ...string) (*Process, error) {
	return d.start(name, stdin, env, d.attributes(), program, args...)
}

func (d *Desktop) start(name string, stdin io.Reader, env []string, attributes *syscall.SysProcAttr, program string, args ...string) (*Process, error) {
	path := d.Path("log/" + name + ".txt")
	output, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	defer func() { _ = output.Close() }()
	cmd := exec.Command(program, args...) //nolint:gosec,noctx // a test's own program, ended by Close
	cmd.Env, cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = env, d.Root, stdin, output, output
	cmd.SysProcAttr = attributes
	p := &Process{Name: name, Output: path, cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	starter <- func() { started <- cmd.Start() }
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p.PID = cmd.Process.Pid
	go func() { p.err = cmd.Wait(); close(p.done) }()
	d.mu.Lock()
	d.processes = append(d.processes, p)
	d.mu.Unlock()
	return p, nil
}

func (d *Desktop) attributes() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if uid := d.options.User; uid != 0 {
		a.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)} //nolint:gosec // a user ID
	}
	return a
}

// programAttributes are those of a program, in the system that it runs in.
func (d *Desktop) programAttributes() *syscall.SysProcAttr {
	a := d.attributes()
	a.Chroot = d.options.System
	return a
}

// Command runs a tool of the desktop to its end and returns its output.
func (d *Desktop) Command(stdin string, program string, args ...string) (string, error) {
	return d.command(stdin, d.Env(), d.attributes(), program, args...)
}

// ProgramCommand is Command for a program, in the system that programs run in.
func (d *Desktop) ProgramCommand(stdin string, program string, args ...string) (string, error) {
	env := d.Env()
	if d.options.System != "" {
		env = append(env, systemPath)
	}
	return d.command(stdin, env, d.programAttributes(), program, args...)
}

func (d *Desktop) command(stdin string, env []string, attributes *syscall.SysProcAttr, program string, args ...string) (string, error) {
	cmd := exec.Command(program, args...) //nolint:gosec,noctx // a test's own program
	cmd.Env, cmd.Dir, cmd.Stdin = env, d.Root, strings.NewReader(stdin)
	cmd.SysProcAttr = attributes
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	started := make(chan error)
	starter <- func() { started <- cmd.Start() }
	err := <-started
	if err == nil {
		err = cmd.Wait()
	}
	if err != nil {
		return out.String(), fmt.Errorf("%s %s: %w: %s", filepath.Base(program), args[0], err, strings.TrimSpace(problems.String()))
	}
	return out.String(), nil
}

// Adopt follows a process that another program of the desktop has started. Its
// exit status isn't known: Wait tells 0.
func (d *Desktop) Adopt(name string, pid int) *Process {
	p := &Process{Name: name, PID: pid, done: make(chan struct{})}
	go func() {
		for runs(pid) {
			time.Sleep(poll)
		}
		close(p.done)
	}()
	return p
}

// runs says whether there is such a process, one that only waits for its parent
// to notice its end not counted. Its arguments go before its files and their
// locks do, and its main thread may go before others: proc(5).
func runs(pid int) bool {
	if state := statOf(pid); len(state) == 0 || state[0] != "Z" {
		return len(state) > 0
	}
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	return len(threads) > 1
}

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

func (p *Process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// Wait waits for the end and returns the exit status, -1 if a signal ended it.
func (p *Process) Wait(limit time.Duration) (int, error) {
	select {
	case <-p.done:
		if p.cmd == nil {
			return 0, nil
		}
		return p.cmd.ProcessState.ExitCode(), nil
	case <-time.After(limit):
		return 0, fmt.Errorf("%s still runs after %s", p.Name, limit)
	}
}

// Signal sends a signal to the process alone.
func (p *Process) Signal(s syscall.Signal) error { return syscall.Kill(p.PID, s) }

// SendSignal sends a signal to any process, such as one that a program of the
// desktop has started.
func SendSignal(pid int, s Signal) error { return syscall.Kill(pid, s) }

// Text is what the process has printed so far.
func (p *Process) Text() string {
	text, err := os.ReadFile(p.Output)
	if err != nil {
		return ""
	}
	return string(text)
}

// end asks the process group to end and kills it after the limit. Once the
// process has ended, its number may be that of another test's.
func (p *Process) end(limit time.Duration) {
	if p.ended() {
		return
	}
	_ = syscall.Kill(-p.PID, syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(limit):
	}
	_ = syscall.Kill(-p.PID, syscall.SIGKILL)
	<-p.done
}

// Running is a process found by looking at all of them.
type Running struct {
	PID     int
	Command string // arguments joined by spaces
}

// Processes are all processes of this desktop: those with its folder in their
// environment or arguments, those in a group that it started, and their
// children. (Of a hardened process only root reads the environment.)
func (d *Desktop) Processes() []Running {
	groups := d.groups()
	mark := []byte(d.Root + "/")
	parents, ours, commands := map[int]int{}, map[int]bool{}, map[int]string{}
	entries, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range entries {
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil || pid == os.Getpid() {
			continue
		}
		arguments, err := os.ReadFile(dir + "/cmdline") //nolint:gosec // /proc
		if err != nil || (len(arguments) == 0 && !runs(pid)) {
			continue
		}
		environ, _ := os.ReadFile(dir + "/environ") //nolint:gosec // /proc
		group, _ := syscall.Getpgid(pid)
		ours[pid] = groups[group] || bytes.Contains(arguments, mark) || bytes.Contains(environ, mark)
		commands[pid] = strings.TrimSpace(strings.ReplaceAll(string(arguments), "\x00", " "))
		parents[pid] = parentOf(pid)
	}
	var found []Running
	for pid, command := range commands {
		if descends(pid, parents, ours) {
			found = append(found, Running{pid, command})
		}
	}
	slices.SortFunc(found, func(a, b Running) int { return a.PID - b.PID })
	return found
}

// groups are those of the desktop's processes by number. The number of one that
// has ended comes again, once nobody is left in its group.
func (d *Desktop) groups() map[int]bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	groups := map[int]bool{}
	for _, p := range d.processes {
		_, err := os.Stat(fmt.Sprintf("/proc/%d", p.PID))
		groups[p.PID] = groups[p.PID] || !p.ended() || err != nil
	}
	return groups
}

// statOf is what proc(5)'s stat has after the name in brackets: state, parent
// and more; nothing if the process has gone.
func statOf(pid int) []string {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
}

// parentOf is 0 if the process has gone.
func parentOf(pid int) int {
	fields := statOf(pid)
	if len(fields) < 2 {
		return 0
	}
	parent, _ := strconv.Atoi(fields[1])
	return parent
}

// descends says whether the process or one it comes from is ours.
func descends(pid int, parents map[int]int, ours map[int]bool) bool {
	for steps := 0; pid != 0 && steps < len(parents); steps++ {
		if ours[pid] {
			return true
		}
		pid = parents[pid]
	}
	return false
}

func (d *Desktop) killLeftovers() {
	_ = Await("the end of what is left", serviceDeadline, func() bool {
		left := d.Processes()
		for _, p := range left {
			_ = syscall.Kill(p.PID, syscall.SIGKILL)
		}
		return len(left) == 0
	})
}
