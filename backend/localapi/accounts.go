package localapi

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// shownAccount is an account without anything secret. Times are RFC 3339 in
// UTC, null for never.
type shownAccount struct {
	Name             string     `json:"name"`
	Slug             string     `json:"slug"`
	ClientID         string     `json:"clientId"`
	Type             string     `json:"type"`  // live or sandbox
	State            string     `json:"state"` // none, active, ending or expired
	ExpiresAt        *time.Time `json:"expiresAt"`
	ExpiresInSeconds *int64     `json:"expiresInSeconds"`
	EndedReason      string     `json:"endedReason,omitempty"`
	LoginTime        *time.Time `json:"loginTime"`
	MayTrade         bool       `json:"mayTrade"` // this program, through /kite/
}

func shown(a kite.Account, latest *kite.Session, now time.Time) shownAccount {
	v := shownAccount{Name: a.Name, Slug: a.Slug, ClientID: a.ClientID, Type: string(a.Type), State: string(kite.BadgeOf(latest, now))}
	if latest == nil {
		return v
	}
	v.ExpiresAt, v.LoginTime = wholeSecond(latest.ExpiresAt), wholeSecond(latest.LoginTime)
	v.EndedReason = string(latest.ReasonAt(now))
	if latest.LiveAt(now) {
		v.ExpiresInSeconds = secondsUntil(latest.ExpiresAt, now)
	}
	return v
}

func wholeSecond(t time.Time) *time.Time {
	t = t.UTC().Truncate(time.Second)
	return &t
}

func secondsUntil(t, now time.Time) *int64 {
	left := int64(t.Sub(now) / time.Second)
	return &left
}

// listAccounts is GET /v1/accounts.
func (s *Server) listAccounts(w http.ResponseWriter, r *http.Request) {
	client := askedBy(r).client
	accounts, err := s.Auth.AccountsOf(r.Context(), client)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	latest, err := s.Sessions.LatestSessions(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	list, now := make([]shownAccount, 0, len(accounts)), s.Clock.Now()
	for _, a := range accounts {
		v := shown(a, sessionOf(latest, a.ID), now)
		v.MayTrade = client.MayTrade
		list = append(list, v)
	}
	s.Uses.often(client, kite.Account{}, "listed accounts")
	writeJSON(w, http.StatusOK, map[string]any{"accounts": list})
}

func sessionOf(latest map[string]kite.Session, accountID string) *kite.Session {
	if session, had := latest[accountID]; had {
		return &session
	}
	return nil
}

// shownSession is a living session; the token and the header's value only
// where they were asked for.
type shownSession struct {
	Name                string    `json:"name"`
	Slug                string    `json:"slug"`
	UserID              string    `json:"userId"`
	APIKey              string    `json:"apiKey"`
	AccessToken         string    `json:"accessToken,omitempty"`
	AuthorizationHeader string    `json:"authorizationHeader,omitempty"` // its value
	APIRoot             string    `json:"apiRoot,omitempty"`
	LoginTime           time.Time `json:"loginTime"`
	ExpiresAt           time.Time `json:"expiresAt"`
	ExpiresInSeconds    int64     `json:"expiresInSeconds"`
}

func shownLiving(a kite.Account, session kite.Session, now time.Time) shownSession {
	return shownSession{
		Name: a.Name, Slug: a.Slug, UserID: session.UserID, APIKey: a.APIKey,
		LoginTime: *wholeSecond(session.LoginTime), ExpiresAt: *wholeSecond(session.ExpiresAt),
		ExpiresInSeconds: *secondsUntil(session.ExpiresAt, now),
	}
}

// accountOf is the account that the path names. The history tells who asks for
// others.
func (s *Server) accountOf(r *http.Request, client kite.APIClient) (kite.Account, error) {
	account, err := s.Auth.AccountOf(r.Context(), client, r.PathValue("name"))
	if kite.ErrorCode(err) == kite.ENOTFOUND {
		s.Uses.refused(client, kite.Account{}, "asked for an account that it may not use")
	} else if err != nil {
		s.Uses.refused(client, kite.Account{}, "asked for an account in vain")
	}
	return account, err
}

// handOut is GET /v1/accounts/{name}/session.
func (s *Server) handOut(w http.ResponseWriter, r *http.Request) {
	client := askedBy(r).client
	account, err := s.accountOf(r, client)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h, err := s.Handouts.Handout(r.Context(), account.ID)
	if err != nil {
		s.Uses.refused(client, account, "asked for a session in vain")
		s.failHandout(w, r, account, err)
		return
	}
	s.Uses.HandedOut(r.Context(), client, account.ID)
	v := shownLiving(h.Account, h.Session, s.Clock.Now())
	v.AccessToken, v.AuthorizationHeader, v.APIRoot = h.Access.Reveal(), h.Header().Reveal(), h.App.Endpoints.APIRoot
	writeJSON(w, http.StatusOK, v)
}

// failHandout says why there is no session, and what to do about it from here.
func (s *Server) failHandout(w http.ResponseWriter, r *http.Request, account kite.Account, err error) {
	p := problemOf(err)
	switch p.Code {
	case kite.ENOSESSION, kite.EENDED:
		p.Hint = "Log in to Kite Accounts, or POST /v1/accounts/" + account.Slug + "/login."
		if latest, readErr := s.Sessions.LatestSession(r.Context(), account.ID); readErr == nil && latest != nil {
			p.Reason = string(latest.ReasonAt(s.Clock.Now()))
		}
	case kite.ENOTFOUND: // the account or its token went while this was asked
		p = problemOf(kite.Errorf(kite.EENDED, "The session has just ended.").WithHint("Ask again."))
	case kite.EINTERNAL, kite.EDATA:
		s.fail(w, r, err)
		return
	}
	code := statusOf[p.Code]
	if code == 0 {
		code = http.StatusInternalServerError
	}
	refuse(w, r, code, p)
}

// logIn is POST /v1/accounts/{name}/login: the user logs in on the desktop,
// and the answer comes when that is done. A program that goes away takes its
// question back.
func (s *Server) logIn(w http.ResponseWriter, r *http.Request) {
	client := askedBy(r).client
	wish, err := loginWishOf(r)
	if err != nil {
		s.Uses.refused(client, kite.Account{}, "asked for a login in vain")
		refuse(w, r, statusOfBody(err), problemOf(err))
		return
	}
	account, err := s.accountOf(r, client)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if account.LoginWay == kite.LoginByPaste {
		s.Uses.refused(client, account, "asked for a login in vain")
		s.fail(w, r, nobodyPastes(account))
		return
	}
	s.Uses.often(client, account, "asked for a login")
	ctx, cancel := s.untilClosed(r.Context())
	defer cancel()
	ctx, stop := context.WithTimeout(ctx, s.Limits.Login)
	defer stop()
	err = s.Logins.LogIn(ctx, account.ID, account.LoginWay, wish.Confirmed)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = kite.Errorf(kite.ETIMEOUT, "Nobody logged in in time.").WithHint("Ask again when somebody is at the computer.")
	}
	if err != nil {
		s.failLogin(w, r, err)
		return
	}
	latest, err := s.Sessions.LatestSession(r.Context(), account.ID)
	if err == nil && (latest == nil || !latest.LiveAt(s.Clock.Now())) {
		err = kite.Errorf(kite.EENDED, "The new session has ended already.").WithHint("Ask again.")
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, shownLiving(account, *latest, s.Clock.Now()))
}

// nobodyPastes says that a login can't be asked for: what serves programs has
// no window to paste into.
func nobodyPastes(a kite.Account) error {
	return kite.Errorf(kite.ECONFLICT, "%s logs in by pasting the redirect URL, which can't be asked for from here.", a.Name).
		WithHint("Log in from the window or with kitectl login, or let the account log in another way.")
}

// loginWish is the body of a login, which may be left out.
type loginWish struct {
	Confirmed bool `json:"confirmed"` // also where a token that works ends by it
}

func loginWishOf(r *http.Request) (loginWish, error) {
	var wish loginWish
	body := bufio.NewReader(r.Body)
	if _, err := body.Peek(1); errors.Is(err, io.EOF) {
		return wish, nil
	}
	if err := mustBeJSON(r); err != nil {
		return wish, err
	}
	return wish, decodeJSON(body, &wish)
}

// statusClientClosed is what proxies log where the client went away
// (nginx's 499): nobody gets it.
const statusClientClosed = 499

func (s *Server) failLogin(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		refuse(w, r, statusClientClosed, problemOf(kite.Errorf(kite.ECANCELED, "The program went away.")))
		return
	}
	p := problemOf(err)
	if p.Code == kite.ECONFIRM {
		p.Hint += ` Send {"confirmed":true} to log in all the same.`
	}
	if status(err) == http.StatusInternalServerError {
		s.fail(w, r, err)
		return
	}
	refuse(w, r, status(err), p)
}

// untilClosed is ctx that also ends with the server.
func (s *Server) untilClosed(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-s.closed:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}
