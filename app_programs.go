package main

import (
	"os"
	"os/exec"
	"strings"
	"sync"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

// ProgramService is about the programs that get sessions: the local API that
// the agent serves, its clients, and the command line.
type ProgramService struct{ shell }

// LocalAPI tells whether programs are served, and why not.
func (s *ProgramService) LocalAPI() (v view.LocalAPI, err error) {
	defer s.guard("LocalAPI", &err)
	services, ctx, err := s.services()
	if err != nil {
		return v, err
	}
	p, err := services.Preferences(ctx)
	return localAPIOf(p, s.app.desktop.State()), err
}

// localAPIOf is the local API as the agent last told; without an agent nobody
// serves it.
func localAPIOf(p kite.Preferences, state program.DesktopState) view.LocalAPI {
	v := view.LocalAPI{On: p.LocalAPI, Port: p.LocalAPIPort}
	if !v.On {
		return v
	}
	failure := failureOfReason(state.AgentFailure)
	switch {
	case state.Watcher == program.WatcherAgent && failure != nil:
		v.Failure = failure
	case state.Watcher == program.WatcherAgent && state.LocalAPI.On:
		v.Address, v.Failure = state.LocalAPI.Address, failureOfReason(state.LocalAPI.Failure)
	case state.Watcher == program.WatcherWindow || failure != nil:
		v.Failure = &view.Failure{
			Code: kite.EINTERNAL, Message: "Programs aren't served: the part that stays in the tray isn't running.",
			Hint: "Close this window and open Kite Accounts again: that starts it.",
		}
		if failure != nil {
			v.Failure.Hint = failure.Hint
		}
	}
	return v
}

// Clients are the programs that may use it, by name.
func (s *ProgramService) Clients() (list []view.Client, err error) {
	defer s.guard("Clients", &err)
	services, ctx, err := s.services()
	if err != nil {
		return nil, err
	}
	clients, err := services.Clients().List(ctx)
	return view.ClientsOf(clients), err
}

// AddClient adds one; this answer is the only one with its token.
func (s *ProgramService) AddClient(input view.ClientInput) (added view.AddedClient, err error) {
	defer s.guard("AddClient", &err)
	services, ctx, err := s.services()
	if err != nil {
		return added, err
	}
	client, token, err := services.Clients().Add(ctx, input.Client(""))
	if err != nil {
		return added, err
	}
	s.app.newToken.keep(client.ID, token)
	return view.AddedClient{Client: view.ClientOf(client), Token: token.Reveal()}, nil
}

// CopyClientToken puts the token of the client added last on the clipboard,
// unless it was forgotten.
func (s *ProgramService) CopyClientToken(clientID string) (copied view.Copied, err error) {
	defer s.guard("CopyClientToken", &err)
	token, err := s.app.newToken.of(clientID)
	if err != nil {
		return copied, err
	}
	return s.app.copy(token, true)
}

// ForgetClientToken wipes it: the user has closed what shows it.
func (s *ProgramService) ForgetClientToken(clientID string) (err error) {
	defer s.guard("ForgetClientToken", &err)
	s.app.newToken.forget(clientID)
	return nil
}

// ChangeClient replaces its name and what it may use.
func (s *ProgramService) ChangeClient(clientID string, input view.ClientInput) (v view.Client, err error) {
	defer s.guard("ChangeClient", &err)
	services, ctx, err := s.services()
	if err != nil {
		return v, err
	}
	if err := services.Clients().Change(ctx, input.Client(clientID)); err != nil {
		return v, err
	}
	changed, err := services.Client(ctx, clientID)
	return view.ClientOf(changed), err
}

// RevokeClient ends its token for good.
func (s *ProgramService) RevokeClient(clientID string) (err error) {
	defer s.guard("RevokeClient", &err)
	services, ctx, err := s.services()
	if err != nil {
		return err
	}
	return services.Clients().Revoke(ctx, clientID)
}

// CommandLine tells how kitectl is called.
func (s *ProgramService) CommandLine() (v view.CommandLine, err error) {
	defer s.guard("CommandLine", &err)
	self, err := os.Executable()
	if err != nil {
		return v, err
	}
	folder := ""
	if s.app.dir.Custom() {
		folder = s.app.dir.Path()
	}
	return kitectlCall(kitectlBeside(self), folder), nil
}

// kitectlCall is kitectl at that path, for a data folder that isn't the usual
// one, if it is given.
func kitectlCall(path, folder string) view.CommandLine {
	v := view.CommandLine{Path: path, Command: shellWord(path)}
	if found, err := exec.LookPath("kitectl"); err == nil && sameFile(found, path) {
		v.Found, v.Command = true, "kitectl"
	}
	if folder != "" {
		v.Command += " --data-dir " + shellWord(folder)
	}
	return v
}

func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// shellWord quotes what isn't plain: POSIX Shell, 2.2.2. PowerShell takes it
// too, as long as no single quote is within.
func shellWord(s string) string {
	const special = " \t\n\"'`$&|;<>()*?[]{}#~!"
	if !strings.ContainsAny(s, special) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// newToken is the token of the client that was added last, while it is shown:
// copying it goes from here to the clipboard, as with every secret.
type newToken struct {
	mu       sync.Mutex
	clientID string
	token    kite.Secret
}

func (n *newToken) keep(clientID string, token kite.Secret) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.token.Wipe()
	n.clientID, n.token = clientID, token
}

func (n *newToken) of(clientID string) (kite.Secret, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.clientID != clientID || n.token.Empty() {
		return kite.Secret{}, kite.Errorf(kite.ENOTFOUND, "The token of this program isn't here any more: it is shown only once.").
			WithHint("Revoke the program and add it anew.")
	}
	return n.token, nil
}

func (n *newToken) forget(clientID string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.clientID == clientID {
		n.token.Wipe()
		n.clientID, n.token = "", kite.Secret{}
	}
}
