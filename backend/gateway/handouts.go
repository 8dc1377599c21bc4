package gateway

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// grant is a handout with what each request needs of it.
type grant struct {
	kite.Handout
	header     kite.Secret // the whole value of Authorization
	root       *url.URL
	version    int64
	generation uint64
	ending     sync.Once // Kite's refusal is recorded once, however many requests met it
}

// handouts keeps the accounts' handouts in memory while nobody wrote to the
// database, no event told of a change, and the session lives.
type handouts struct {
	sessions   Sessions
	versions   Versions
	clock      kite.Clock
	generation atomic.Uint64 // counts events
	slots      sync.Map      // account ID → *slot
}

// slot is an account's place. Whoever fills it holds filling, so that many
// requests at once ask for the handout once.
type slot struct {
	current atomic.Pointer[grant]
	filling chan struct{}
}

// of returns the account's handout: ENOSESSION, EENDED, ELOCKED, ENOTFOUND.
func (h *handouts) of(ctx context.Context, accountID string) (*grant, error) {
	version, err := h.versions.Version(ctx)
	if err != nil {
		return nil, fmt.Errorf("find session: %w", err)
	}
	found, _ := h.slots.LoadOrStore(accountID, &slot{filling: make(chan struct{}, 1)})
	s := found.(*slot) //nolint:forcetypeassert // nothing else is stored
	if g := s.current.Load(); h.holds(g, version) {
		return g, nil
	}
	select {
	case s.filling <- struct{}{}:
		defer func() { <-s.filling }()
		return h.fill(ctx, s, accountID)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (h *handouts) holds(g *grant, version int64) bool {
	return g != nil && g.version == version && g.generation == h.generation.Load() && g.Session.LiveAt(h.clock.Now())
}

// mostReadings is how often a handout is read anew because somebody wrote
// meanwhile.
const mostReadings = 10

// fill reads the handout. A login in between may have erased the token of the
// session that was found: then the failure says nothing, and it reads again.
func (h *handouts) fill(ctx context.Context, s *slot, accountID string) (*grant, error) {
	for readings := 1; ; readings++ {
		version, err := h.versions.Version(ctx)
		if err != nil {
			return nil, fmt.Errorf("find session: %w", err)
		}
		if g := s.current.Load(); h.holds(g, version) {
			return g, nil
		}
		g, err := h.read(ctx, s, accountID, version)
		if err == nil {
			return g, nil
		}
		if after, versionErr := h.versions.Version(ctx); versionErr != nil || after == version || readings == mostReadings {
			return nil, err
		}
	}
}

// read keeps the handout under the version from before it was read: what
// changes meanwhile is noticed by the next request.
func (h *handouts) read(ctx context.Context, s *slot, accountID string, version int64) (*grant, error) {
	generation := h.generation.Load()
	s.current.Store(nil)
	handout, err := h.sessions.Handout(ctx, accountID)
	if err != nil {
		return nil, err
	}
	root, err := parseRoot(handout.App.Endpoints.APIRoot)
	if err != nil {
		return nil, err
	}
	g := &grant{Handout: handout, header: handout.Header(), root: root, version: version, generation: generation}
	s.current.Store(g)
	if generation != h.generation.Load() {
		s.current.CompareAndSwap(g, nil) // an event came meanwhile and found nothing to drop
	}
	return g, nil
}

// forget lets every handout be asked for again, and go from memory.
func (h *handouts) forget() {
	h.generation.Add(1)
	h.slots.Range(func(_, found any) bool {
		found.(*slot).current.Store(nil) //nolint:forcetypeassert // nothing else is stored
		return true
	})
}

// parseRoot reads the address of an API, which may have a path prefix. Tokens
// never travel unencrypted except within this computer.
func parseRoot(root string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(root, "/"))
	if err == nil && u.Host != "" && u.User == nil && !strings.ContainsAny(root, "?#") &&
		(u.Scheme == "https" || (u.Scheme == "http" && loopback(u.Hostname()))) {
		return u, nil
	}
	return nil, kite.Errorf(kite.EINVALID, "The API root of this account isn't an https address.").
		WithField("apiRoot").WithHint("Edit the account and correct it.")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback())
}
