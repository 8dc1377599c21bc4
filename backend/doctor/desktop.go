package doctor

import (
	"fmt"
	"strings"
)

// Agent is what was found out about the agent.
type Agent struct {
	Running bool
	Hung    bool // something listens and doesn't answer
	PID     int
	Version string
	Own     string // this program's version
	Tray    bool   // a tray shows its icon
	// What it says is wrong, with what to do; empty if nothing is.
	Problem, ProblemHint string
	Notices, NoticesHint string
}

// CheckAgent judges it.
func CheckAgent(a Agent) []Check {
	const anew = "End it with kitectl agent --stop; Kite Accounts starts it again when it is opened."
	switch {
	case a.Hung:
		return []Check{problem(NameAgent, "An agent runs and doesn't answer.", "Log out of the desktop and in again, or end the process kitectl agent by hand.")}
	case !a.Running:
		return []Check{note(NameAgent, "None runs: nobody reminds of sessions that end.", "Open Kite Accounts, which starts it, or run kitectl agent.")}
	}
	checks := []Check{ok(NameAgent, "It runs (process %d, version %s).", a.PID, a.Version)}
	if a.Version != a.Own {
		checks[0] = problem(NameAgent, fmt.Sprintf("The one that runs is of version %s, and this is %s.", a.Version, a.Own), anew)
	}
	if a.Problem != "" {
		checks = append(checks, problem(NameAgent, a.Problem, orElse(a.ProblemHint, anew)))
	}
	if a.Notices != "" {
		checks = append(checks, problem(NameAgent, a.Notices, orElse(a.NoticesHint, anew)))
	}
	return checks
}

// Bus is what the session bus says of a service.
type Bus struct {
	Absent    bool   // there is no session bus
	Err       error  // of asking it
	Owned     bool   // somebody provides the service
	Startable bool   // the bus starts it when it is needed
	Provider  string // name of who does, if it told
	Silent    bool   // it is there and doesn't answer
}

const noBus = "No desktop session can be reached from here."

// CheckTray judges whether an icon can be shown.
func CheckTray(b Bus, a Agent) Check {
	switch {
	case b.Absent:
		return note(NameTray, noBus, "On the desktop, run this there.")
	case b.Err != nil:
		return problem(NameTray, "The session bus doesn't answer.", "Log out of the desktop and in again.")
	case !b.Owned:
		return note(NameTray, "This desktop shows no tray icons.", "On GNOME install the extension AppIndicator Support. Reminders come all the same.")
	case a.Running && !a.Tray:
		return note(NameTray, "There is a tray, and the agent's icon isn't in it.", "End the agent with kitectl agent --stop and open Kite Accounts.")
	case a.Running:
		return ok(NameTray, "It shows the agent's icon.")
	}
	return ok(NameTray, "There is one.")
}

// CheckNotifications judges whether reminders can be shown.
func CheckNotifications(b Bus) Check {
	switch {
	case b.Absent:
		return note(NameNotifications, noBus, "On the desktop, run this there.")
	case b.Err != nil:
		return problem(NameNotifications, "The session bus doesn't answer.", "Log out of the desktop and in again.")
	case b.Silent:
		return problem(NameNotifications, "The notification service doesn't answer.", "Log out of the desktop and in again.")
	case b.Owned && b.Provider != "":
		return ok(NameNotifications, "%s shows them.", firstLine(b.Provider))
	case b.Owned:
		return ok(NameNotifications, "There is a service that shows them.")
	case b.Startable:
		return ok(NameNotifications, "The desktop starts a service for them when it is needed.")
	}
	return problem(NameNotifications, "This desktop has no service that shows them.", "Install one, such as dunst or mako, or see the reminders in the window.")
}

// WebView is what was found out about the window's program.
type WebView struct {
	Program  string // where it should be
	Exists   bool
	Checked  bool     // whether its libraries could be looked for
	Missing  []string // libraries that can't be loaded
	Expected string   // what the web view is called here
}

// CheckWebView judges whether the window and the login in it can be opened.
func CheckWebView(w WebView) Check {
	switch {
	case len(w.Missing) > 0:
		return problem(NameWebView, "The window can't start: "+strings.Join(w.Missing, ", ")+" is missing.", "Install "+w.Expected+". The command line works without; log in with --browser or --paste.")
	case !w.Exists:
		return note(NameWebView, "The window's program isn't at "+w.Program+".", "Install Kite Accounts whole, or log in with kitectl login --browser or --paste.")
	case !w.Checked:
		return note(NameWebView, "The window's program is there. Whether its libraries are can't be told.", "Open it once.")
	}
	return ok(NameWebView, "The window's program is there, with all its libraries.")
}

// MissingLibraries finds, in what ldd(1) printed of a program, the libraries
// that can't be loaded.
func MissingLibraries(ldd string) []string {
	var missing []string
	for line := range strings.Lines(ldd) {
		if name, rest, found := strings.Cut(strings.TrimSpace(line), " => "); found && rest == "not found" {
			missing = append(missing, name)
		}
	}
	return missing
}

// LocalAPI is what was found out about the local API.
type LocalAPI struct {
	On      bool
	Port    int
	Free    bool // nobody listens on the port
	Running bool // an agent, which would serve it, runs
	Err     error
}

// CheckLocalAPI judges it.
func CheckLocalAPI(l LocalAPI) Check {
	port := fmt.Sprintf("127.0.0.1:%d", l.Port)
	switch {
	case l.Err != nil:
		return note(NameLocalAPI, "Whether it is on can't be told.", "See the line about the database.")
	case !l.On && l.Free:
		return ok(NameLocalAPI, "It is off, and its port %s is free.", port)
	case !l.On:
		return note(NameLocalAPI, "It is off, and something else listens on its port "+port+".", "Choose another port in Preferences before you switch it on.")
	case l.Free && l.Running:
		return problem(NameLocalAPI, "It is on, and nobody listens on "+port+".", "End the agent with kitectl agent --stop and open Kite Accounts.")
	case l.Free:
		return note(NameLocalAPI, "It is on, but no agent runs to serve it.", "Open Kite Accounts, or run kitectl serve.")
	case !l.Running:
		return note(NameLocalAPI, "It is on, no agent runs, and something listens on "+port+".", "That is kitectl serve, or another program that took the port.")
	}
	return ok(NameLocalAPI, "It is on, at %s.", port)
}
