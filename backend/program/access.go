package program

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// access serves the local API over the agent's open database while the
// preferences say so. What that takes, services of its own and with the first
// request that needs a token the key, it has only then: an agent that serves
// nobody holds neither, and nothing wakes it.
type access struct {
	agent    *Agent
	settings kite.Settings
	changed  chan struct{} // the preferences may have

	said agent.LocalAPI // what windows were told last

	mu   sync.Mutex
	open *opened // nil while nothing is served
}

// opened is one time of serving.
type opened struct {
	program *Program // whose events reach those who follow the API
	*Services
	api     *LocalAPI
	port    int
	failure atomic.Pointer[error] // why serving ended by itself
}

func newAccess(a *Agent, settings kite.Settings) *access {
	return &access{agent: a, settings: settings, changed: make(chan struct{}, 1)}
}

// accessRetry is when a port that was taken, or preferences that couldn't be
// read, are tried again.
const accessRetry = time.Minute

// run follows the preferences until ctx ends.
func (x *access) run(ctx context.Context) {
	defer x.end()
	for {
		again := x.follow(ctx)
		if again.IsZero() {
			select {
			case <-ctx.Done():
				return
			case <-x.changed:
			}
			continue
		}
		if kite.WaitOrWake(ctx, x.agent.Clock, again, x.changed) != nil {
			return
		}
	}
}

// heard lets the API's streams hear what happened, and the preferences count.
func (x *access) heard(e kite.Event) {
	if e.Type == kite.PreferencesChanged {
		x.wake()
	}
	if o := x.serving(); o != nil {
		o.program.Events.Relay(e)
	}
}

func (x *access) wake() {
	select {
	case x.changed <- struct{}{}:
	default:
	}
}

// follow brings what is served in line with the preferences; it returns when
// to try again, zero for not before they change.
func (x *access) follow(ctx context.Context) time.Time {
	p, err := kite.LoadPreferences(ctx, x.settings)
	if err != nil && kite.ErrorCode(err) != kite.EDATA {
		if ctx.Err() == nil {
			x.agent.Log.Error("preferences not read, programs are served as before", "error", err)
		}
		return x.agent.Clock.Now().Add(accessRetry)
	}
	if !p.LocalAPI {
		x.stop()
		x.say(agent.LocalAPI{})
		return time.Time{}
	}
	if o := x.serving(); o != nil && o.port == p.LocalAPIPort {
		failure := o.failure.Load()
		if failure == nil {
			return time.Time{}
		}
		x.stop()
		why := kite.Errorf(kite.EINTERNAL, "Programs can't reach Kite Accounts any more.").WithHint("It is tried again within a minute.").Because(*failure)
		x.say(agent.LocalAPI{On: true, Failure: agent.ReasonOf(why)})
		return x.agent.Clock.Now().Add(accessRetry)
	}
	x.stop()
	address, err := x.start(ctx, p.LocalAPIPort)
	x.say(agent.LocalAPI{On: true, Address: address, Failure: agent.ReasonOf(err)})
	if err != nil {
		x.agent.Log.Warn("programs not served", "port", p.LocalAPIPort, "error", err)
		return x.agent.Clock.Now().Add(accessRetry)
	}
	return time.Time{}
}

func (x *access) serving() *opened {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.open
}

func (x *access) swap(o *opened) (before *opened) {
	x.mu.Lock()
	defer x.mu.Unlock()
	before, x.open = x.open, o
	return before
}

func (x *access) start(ctx context.Context, port int) (address string, err error) {
	a := x.agent
	p := New(Config{
		Dir: a.Dir, Log: a.Log, Clock: a.Clock, Window: a.LoginWindow, Endpoints: a.Endpoints, Keyring: a.Keyring, Browse: a.Browse,
	})
	p.Events.FollowOwn(a.events.Publish)
	services, err := p.newServices(ctx, false)
	if err != nil {
		return "", err
	}
	services.openVaultOnDemand()
	o := &opened{program: p, Services: services, api: &LocalAPI{Services: services, Log: a.Log}, port: port}
	o.api.Ended = func(err error) { o.failure.Store(&err); x.wake() }
	if address, err = o.api.Start(ctx, port); err != nil {
		services.close()
		return "", err
	}
	x.swap(o)
	x.tell(true)
	return address, nil
}

// stop ends serving, logins that programs asked for among it, and forgets the
// key. What it tells meanwhile is heard, so nothing is locked.
func (x *access) stop() {
	o := x.swap(nil)
	if o == nil {
		return
	}
	o.api.Stop()
	o.close()
	o.Vault.Forget()
	x.tell(false)
}

func (x *access) tell(serving bool) {
	if x.agent.Serving != nil {
		x.agent.Serving(serving)
	}
}

// end leaves the database to whoever wants it.
func (x *access) end() {
	x.stop()
	x.say(agent.LocalAPI{On: x.said.On})
}

// say tells the windows what has changed; a port that stays taken is told once.
func (x *access) say(now agent.LocalAPI) {
	if now.On == x.said.On && now.Address == x.said.Address && sameReason(now.Failure, x.said.Failure) {
		return
	}
	x.said = now
	x.agent.setStatus(func(s *agent.Status) { s.LocalAPI = now })
}

func sameReason(a, b *agent.Reason) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
