package cli

import (
	"context"
	"errors"

	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/doctor"
	"github.com/kiteaccounts/kite-accounts/backend/keyring"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/vault"
)

func isNone(err error) bool { return errors.Is(err, agent.ErrNone) }

func (e *examination) database(ctx context.Context) []doctor.Check {
	return []doctor.Check{doctor.CheckDatabase(e.lookAtDatabase(ctx))}
}

func (e *examination) lookAtDatabase(ctx context.Context) (found doctor.Database) {
	db, err := sqlite.OpenReadOnly(ctx, e.dir.Database())
	if err != nil {
		return doctor.Database{Err: err}
	}
	defer db.Close() //nolint:errcheck // only read
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found.Quick); err != nil {
		found.Quick = err.Error() // SQLite's words, which quote no data
		return found
	}
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&found.Version); err != nil {
		return doctor.Database{Err: err}
	}
	accounts, err := db.Accounts(nil).Accounts(ctx)
	found.Accounts, found.Err = len(accounts), err
	return found
}

// keyring opens the vault for a moment, where there is one, since that is what
// the keyring is for. Neither way asks anybody.
func (e *examination) keyring(ctx context.Context) []doctor.Check {
	ring := keyring.New()
	db, err := sqlite.OpenReadOnly(ctx, e.dir.Database())
	if err != nil { // the database's own line says why
		return []doctor.Check{doctor.CheckVault(keyringAlone(ctx, ring))}
	}
	defer db.Close() //nolint:errcheck // only read
	record, err := db.Vault().Vault(ctx)
	if err != nil || record.VaultID == "" && !record.HasSealedData {
		return []doctor.Check{doctor.CheckVault(keyringAlone(ctx, ring))}
	}
	v := vault.New(vault.Config{
		Store: db.Vault(), Keyring: ring, Clock: clock.ForDataDir(e.dir.Path()), Events: publisher(func(kite.Event) {}),
		Log: slog.New(slog.DiscardHandler), Folder: e.dir.Path(),
	})
	v.Start(ctx)
	found := doctor.Vault{Exists: true}
	found.State, found.Provider = v.State()
	return []doctor.Check{doctor.CheckVault(found)}
}

// keyringAlone asks for an entry that nobody has.
func keyringAlone(ctx context.Context, ring *keyring.Keyring) doctor.Vault {
	_, err := ring.Get(ctx, "doctor")
	found := doctor.Vault{Provider: ring.Provider()}
	switch {
	case err == nil, errors.Is(err, kite.ErrKeyringNotFound):
		found.State = kite.VaultOpen
	case errors.Is(err, kite.ErrKeyringAbsent):
		found.State = kite.VaultKeyringAbsent
	case errors.Is(err, kite.ErrKeyringLocked), errors.Is(err, kite.ErrKeyringDismissed):
		found.State = kite.VaultKeyringLocked
	default:
		found.State = kite.VaultKeyringTimeout
	}
	return found
}

func (e *examination) clock(ctx context.Context, server string) []doctor.Check {
	own := clock.ForDataDir(e.dir.Path())
	found := doctor.Clock{Zone: own.Zone()}
	if server != "" {
		found.Online = askTime(ctx, server, own)
	}
	found.Now = own.Now()
	return doctor.CheckClock(found)
}

// askTime reads the Date header of a server's answer, whatever else that says.
func askTime(ctx context.Context, server string, own kite.Clock) *doctor.ServerTime {
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, server, nil)
	if err != nil {
		return &doctor.ServerTime{Err: err}
	}
	client := http.Client{Timeout: probeLimit / 2, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	began := time.Now()
	response, err := client.Do(request)
	if err != nil {
		return &doctor.ServerTime{Err: err}
	}
	took := time.Since(began)
	_ = response.Body.Close()
	date, err := http.ParseTime(response.Header.Get("Date"))
	return &doctor.ServerTime{Server: date, Here: own.Now().Add(-took / 2), Took: took, Err: err}
}

func (e *examination) localAPI(ctx context.Context) []doctor.Check {
	found := doctor.LocalAPI{Port: kite.DefaultLocalAPIPort, Running: e.agent().Running}
	db, err := sqlite.OpenReadOnly(ctx, e.dir.Database())
	if err == nil {
		defer db.Close() //nolint:errcheck // only read
		var p kite.Preferences
		if p, err = kite.LoadPreferences(ctx, db.Settings()); err == nil {
			found.On, found.Port = p.LocalAPI, p.LocalAPIPort
		}
	}
	if kite.ErrorCode(err) != kite.ENOTFOUND {
		found.Err = err
	}
	found.Free = !listens(ctx, found.Port)
	return []doctor.Check{doctor.CheckLocalAPI(found)}
}

// listens says whether anybody takes connections on a loopback port. To listen
// there instead, if only for a moment, could keep the agent from it.
func listens(ctx context.Context, port int) bool {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

// sqliteVersion is that of the library that is linked.
func sqliteVersion() string {
	version, _, _ := sqlite3.Version()
	return "SQLite " + version
}
