package update

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Service checks for newer versions and remembers what it found, so that
// nothing but a check asks the network.
type Service struct {
	Version  string  // our own
	Package  Package // that we were installed from
	Source   func() (Source, error)
	Settings kite.Settings
	Clock    kite.Clock
	Events   kite.Publisher
	Log      *slog.Logger

	Limit time.Duration // for one check; zero for the default

	checking sync.Mutex // also from reading to writing what is kept
	waking   sync.Once
	wake     chan struct{}
}

// Barrier is why this program doesn't check.
type Barrier string

// The reasons, and none.
const (
	BarrierNone    Barrier = ""
	BarrierPackage Barrier = "package" // a package manager updates it
	BarrierNoKey   Barrier = "noKey"   // the build has no key for a feed
)

// Result is what is known about newer versions.
type Result string

// The results.
const (
	ResultNever   Result = "never"   // nothing is known yet
	ResultNewest  Result = "newest"  // ours was the newest when CheckedAt says
	ResultNewer   Result = "newer"   // Releases are newer
	ResultUnknown Result = "unknown" // the feed has expired: it doesn't say what is newest
)

// Status is what is known without asking the network.
type Status struct {
	Barrier   Barrier
	Result    Result
	CheckedAt time.Time // when a feed was read last, in UTC; zero for never
	Releases  []Release // newer than ours, newest first
	Skipped   bool      // the user doesn't want to hear of the newest one
}

// memoryKey is the setting under which the JSON of memory is kept, skippedKey the
// one of the version the user skipped: kept apart, no check that reads and writes
// the first, here or in another process, loses what the user said meanwhile.
const (
	memoryKey  = "updates"
	skippedKey = "updates-skipped"
)

// memory is what is kept between checks.
type memory struct {
	TriedAt   time.Time `json:"triedAt"`
	Unreached bool      `json:"unreached"` // by the last try
	CheckedAt time.Time `json:"checkedAt"`
	Published time.Time `json:"published"` // of the newest feed seen: no older one counts
	Expires   time.Time `json:"expires"`
	Releases  []Release `json:"releases"` // newer than ours at the time
}

// Barrier says whether, and why not, this program can check.
func (s *Service) Barrier() Barrier {
	if s.Package != PackageNone {
		return BarrierPackage
	}
	source, err := s.Source()
	if err != nil {
		s.Log.Error("no update check: the build's feed makes no sense", "error", err)
	}
	if source.None() {
		return BarrierNoKey
	}
	return BarrierNone
}

// Status tells what the last check found.
func (s *Service) Status(ctx context.Context) (Status, error) {
	m, err := s.remember(ctx)
	if err != nil {
		return Status{}, err
	}
	skipped, err := s.Settings.Setting(ctx, skippedKey)
	if err != nil {
		return Status{}, fmt.Errorf("read which version was skipped: %w", err)
	}
	status := Status{Barrier: s.Barrier(), Result: ResultNever, CheckedAt: m.CheckedAt, Releases: []Release{}}
	if status.Barrier != BarrierNone || m.CheckedAt.IsZero() {
		return status, nil
	}
	status.Releases = since(m.Releases, s.Version)
	switch {
	case len(status.Releases) > 0:
		status.Result = ResultNewer
		status.Skipped = Valid(skipped) && Compare(status.Releases[0].Version, skipped) <= 0
	case !s.Clock.Now().Before(m.Expires):
		status.Result = ResultUnknown
	default:
		status.Result = ResultNewest
	}
	return status, nil
}

// Check asks the feed now, because the user wants it. EINVALID where this
// program doesn't check, EOFFLINE if the feed can't be had, EDATA if it can't be
// trusted.
func (s *Service) Check(ctx context.Context) (Status, error) {
	switch s.Barrier() {
	case BarrierPackage:
		return Status{}, kite.Errorf(kite.EINVALID, "%s", s.Package.Sentence()).WithHint("Ask it for updates.")
	case BarrierNoKey:
		return Status{}, kite.Errorf(kite.EINVALID, "This build doesn't check for newer versions.").WithHint("Look where you got it.")
	}
	s.checking.Lock()
	defer s.checking.Unlock()
	if err := s.check(ctx); err != nil {
		return Status{}, err
	}
	return s.Status(ctx)
}

func (s *Service) check(ctx context.Context) error {
	source, err := s.Source()
	if err != nil {
		return fmt.Errorf("check for updates: %w", err)
	}
	feed, fetchErr := source.fetch(ctx, s.limit())
	m, err := s.remember(ctx)
	if err != nil {
		return err
	}
	m.TriedAt = s.Clock.Now()
	if fetchErr == nil {
		fetchErr = m.refuse(feed)
	}
	m.Unreached = kite.ErrorCode(fetchErr) == kite.EOFFLINE
	if fetchErr == nil {
		m.CheckedAt, m.Published, m.Expires = m.TriedAt, feed.Published, feed.Expires
		m.Releases = since(feed.Releases, s.Version)
	}
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("keep what is known of updates: %w", err)
	}
	if err := s.keep(ctx, memoryKey, string(text)); err != nil {
		return err
	}
	if fetchErr != nil {
		return fmt.Errorf("check for updates: %w", fetchErr)
	}
	s.Log.Info("checked for updates", "newer", len(since(feed.Releases, s.Version)), "expired", !s.Clock.Now().Before(feed.Expires))
	return nil
}

// ahead is how far a feed may come from the future: clocks differ. What is
// further would replace every feed of the time between.
const ahead = 48 * time.Hour

// refuse is why a feed that was read at TriedAt isn't used. A feed from the
// future stops no other one: the clock that signed it was wrong.
func (m memory) refuse(feed Feed) error {
	switch {
	case feed.Published.After(m.TriedAt.Add(ahead)):
		return kite.Errorf(kite.EDATA, "The list of releases comes from the future, so it isn't used.").
			WithHint("Set this computer's clock. If it is right, the list was signed by a wrong one: try again another day.")
	case feed.Published.Before(m.Published) && !m.Published.After(m.TriedAt):
		return kite.Errorf(kite.EDATA, "The list of releases is older than one that was seen before, so it isn't used.").
			WithHint("Somebody between you and the server may hold back the newer one. Try again in another network.")
	}
	return nil
}

func (s *Service) limit() time.Duration {
	if s.Limit > 0 {
		return s.Limit
	}
	return fetchLimit
}

// Skip keeps the window from telling of that version and of earlier ones.
func (s *Service) Skip(ctx context.Context, version string) error {
	if !Valid(version) {
		return kite.Errorf(kite.EINVALID, "There is no such version.")
	}
	return s.keep(ctx, skippedKey, version)
}

// Page is where the newest release can be got; ENOTFOUND if none is newer. It
// is checked once more: what is kept may have been written by anybody.
func (s *Service) Page(ctx context.Context) (string, error) {
	status, err := s.Status(ctx)
	if err != nil {
		return "", err
	}
	source, err := s.Source()
	if err != nil || status.Barrier != BarrierNone || len(status.Releases) == 0 {
		return "", kite.Errorf(kite.ENOTFOUND, "There is no newer version to open.")
	}
	page := status.Releases[0].Page
	if err := checkPage(page, source.URL); err != nil {
		return "", kite.Errorf(kite.EDATA, "The page of the release can't be opened.").WithHint("Check for new versions again.").Because(err)
	}
	return page, nil
}

// remember is what is kept; what can't be read counts as nothing.
func (s *Service) remember(ctx context.Context) (m memory, err error) {
	text, err := s.Settings.Setting(ctx, memoryKey)
	if err != nil {
		return m, fmt.Errorf("read what is known of updates: %w", err)
	}
	if text == "" {
		return m, nil
	}
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		s.Log.Warn("what is known of updates makes no sense and is forgotten", "error", err)
		return memory{}, nil
	}
	return m, nil
}

func (s *Service) keep(ctx context.Context, key, value string) error {
	if err := s.Settings.SetSetting(ctx, key, value); err != nil {
		return fmt.Errorf("keep what is known of updates: %w", err)
	}
	s.Events.Publish(kite.Event{Type: kite.UpdateChanged})
	return nil
}
