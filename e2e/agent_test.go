//go:build e2e

package e2e

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

func TestAgentOutlivesTheWindow(t *testing.T) {
	s := open(t, withTray)
	s.trySandbox() // without an account there is nothing to watch, and no question
	agent, err := s.AwaitAgent(0)
	s.ok(err, s.AskToClose())
	question := dialog("Keep watching your sessions?")
	s.see("stays in the tray", question)
	s.picture("70-keep-watching")
	s.ok(s.Escape(*question))
	s.see(kiteapp.GetSessionToken, sandboxCard) // Escape leaves the window open
	s.ok(s.CloseMain(kiteapp.KeepRunning))
	if left := s.Windowed(); len(left) > 0 {
		t.Errorf("of the window is left: %v", left)
	}
	if pid := s.AgentPID(); pid != agent {
		t.Errorf("the agent was process %d and is %d", agent, pid)
	}
	if kept := s.preferences().OnClose; kept != "stay" {
		t.Errorf("the answer is kept as %q", kept)
	}
	s.ok(s.Start())
	s.see(kiteapp.GetSessionToken, sandboxCard)
	s.ok(s.AskToClose()) // it doesn't ask twice
	_, err = s.Process.Wait(30 * time.Second)
	s.ok(err)
	if pid := s.AgentPID(); pid != agent {
		t.Errorf("another window started another agent: %d, then %d", agent, pid)
	}
	s.ok(s.StopAgent())
}

func TestQuitInTheMenuEndsBoth(t *testing.T) {
	s := open(t, withTray)
	_, err := s.AwaitAgent(0)
	s.ok(err, s.OpenMenu("Menu"))
	s.press("Quit", nil)
	_, err = s.Process.Wait(30 * time.Second)
	s.ok(err, s.NoAgent())
}

func TestWithoutTrayTheQuestionSaysHowToQuit(t *testing.T) {
	s := open(t, desktop.Options{Notifications: desktop.NotificationsBubble})
	s.trySandbox()
	_, err := s.AwaitAgent(0)
	s.ok(err, s.AskToClose())
	s.see("without a window or an icon", kiteapp.ClosingQuestion())
	s.see("kitectl agent --stop", kiteapp.ClosingQuestion())
	s.picture("71-keep-watching-without-tray")
	s.ok(s.CloseMain(kiteapp.KeepRunning))
	if !s.AgentAnswers() {
		t.Error("the agent has ended")
	}
	s.ok(s.StopAgent())
}

func TestKilledAgentIsStartedAgain(t *testing.T) {
	s := open(t, withTray)
	first, err := s.AwaitAgent(0)
	s.ok(err, s.KillAgent())
	second, err := s.AwaitAgent(first)
	s.ok(err, s.Quit())
	if second == first {
		t.Errorf("process %d was killed and runs", first)
	}
}

func TestOneAgentPerDataFolder(t *testing.T) {
	s, _ := newDay(t, desktop.Options{})
	s.agent()
	for _, c := range []struct {
		arguments []string
		status    int
		says      string
	}{
		{[]string{"agent"}, 18, "watched already"},
		{[]string{"agent", "--quiet"}, 0, ""},
	} {
		p, err := s.Run("second", nil, filepath.Join(s.Programs, "kitectl"), append(c.arguments, "--data-dir", s.DataDir)...)
		s.ok(err)
		status, err := p.Wait(30 * time.Second)
		s.ok(err)
		if status != c.status || !strings.Contains(p.Text(), c.says) {
			t.Errorf("%v ended with status %d and said %q", c.arguments, status, p.Text())
		}
	}
	s.ok(s.StopAgent())
	if status, err := s.AgentStatus(); err != nil || !strings.Contains(status, "No agent runs.") {
		t.Errorf("then: %q, %v", status, err)
	}
}

// TestSuspendAcrossTheCutOff: the computer sleeps from the evening until after
// 06:00 IST (C2).
func TestSuspendAcrossTheCutOff(t *testing.T) {
	o := withTray
	o.SystemBus = true
	s, d := newDay(t, o, "Personal", "Family", "HUF")
	s.prefer(loud)
	s.plantUntilCutOff(d, 3)
	s.agent()
	s.menuHas("All 3 ready")
	s.ok(s.Sleep(), s.SignalAgent(desktop.Freeze))
	s.ok(s.SetClock(at(d.Next(), 6, 30)))
	s.ok(s.SignalAgent(desktop.Thaw), s.Resume())
	s.notice("3 sessions ended at 06:00")
	s.awaitTold("3 sessions ended at 06:00: Family, HUF, Personal")
	s.saysNoMore()
	if active := s.sql("SELECT count(*) FROM kite_sessions WHERE status = 'active'"); active != "0" {
		t.Errorf("%s sessions are still active", active)
	}
}

// TestClockSetForwardAndBack: what has ended stays so (C1).
func TestClockSetForwardAndBack(t *testing.T) {
	s, d := newDay(t, withTray, "Personal")
	s.prefer(loud)
	s.plantUntilCutOff(d, 1)
	s.agent()
	s.ok(s.SetClock(at(d.Next(), 10, 0)))
	expired := func() bool {
		return s.sql("SELECT count(*) FROM kite_sessions WHERE status = 'expired' AND ended_reason = 'expired'") == "1"
	}
	s.ok(desktop.Await("the end of the session", 30*time.Second, expired))
	s.ok(s.SetClock(at(d, 10, 0)))
	s.keepsTrue("the session is expired", 3*time.Second, expired)
}

// TestSessionBusDies: nothing crashes, and notices come again with the bus (N4).
func TestSessionBusDies(t *testing.T) {
	s, d := newDay(t, withTray, "Personal")
	s.prefer(loud)
	s.plantUntilCutOff(d, 1)
	s.agent()
	s.menuHas("Personal")
	agent := s.AgentPID()
	s.ok(s.StopBus())
	s.ok(s.SetClock(at(d.Next(), 4, 0)))
	s.keepsTrue("the agent answers", 3*time.Second, s.AgentAnswers)
	s.ok(s.StartBusAgain(), s.StartNotifications(), s.StartPanel())
	_, err := s.AwaitPanelIcons(1)
	s.ok(err)
	s.ok(desktop.Await("a notice on the new bus", time.Minute, func() bool { return len(s.Told()) > 0 }))
	if s.AgentPID() != agent {
		t.Error("the agent is another one")
	}
}

// TestNoAgentCanBeStarted: the window watches in its place, says so, and tells.
func TestNoAgentCanBeStarted(t *testing.T) {
	s, d := newDay(t, withTray, "Personal")
	s.prefer(loud)
	s.plantUntilCutOff(d, 1)
	s.ok(s.WithoutLightProgram(), s.Start())
	s.see("Your sessions are watched only while this window is open", nil)
	s.see("couldn't be started", nil)
	s.picture("85-no-agent")
	s.ok(s.SetClock(at(d.Next(), 4, 0)))
	s.notice("Personal: session ends at 06:00")
	s.awaitTold("Personal: session ends at 06:00")
	if pid := s.AgentPID(); pid != 0 {
		t.Errorf("process %d is an agent", pid)
	}
	s.ok(s.AskToClose()) // nobody could stay, so there is no question
	_, err := s.Process.Wait(30 * time.Second)
	s.ok(err)
}

// TestWindowTerminatedWhileTheAgentRuns: the end of the one isn't that of the
// other, whichever is asked to end, and neither asks back (N7).
func TestWindowTerminatedWhileTheAgentRuns(t *testing.T) {
	s := open(t, withTray)
	s.trySandbox()
	agent, err := s.AwaitAgent(0)
	s.ok(err)
	w := s.beginLogin(kiteapp.GetSessionToken, sandboxCard)
	s.ok(w.See("User ID"), s.Process.Signal(desktop.Terminate))
	_, err = s.Process.Wait(30 * time.Second)
	s.ok(err, s.NoHelper())
	s.keepsTrue("the agent goes on", 2*time.Second, func() bool { return s.AgentPID() == agent && s.AgentAnswers() })
	s.ok(s.SignalAgent(desktop.Terminate), s.NoAgent())
	if check := s.sql("PRAGMA integrity_check"); check != "ok" {
		t.Errorf("database after the signals: %s", check)
	}
}
