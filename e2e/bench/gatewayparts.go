package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/clients"
	"github.com/kiteaccounts/kite-accounts/backend/gateway"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
	"github.com/kiteaccounts/kite-accounts/backend/sessions"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// The processes that measureGateway starts, by their first argument.
const (
	partUpstream = "part-upstream"
	partGateway  = "part-gateway"
)

// benchKey is the API key of the measurement's account.
const benchKey = sandbox.SharedApp

// endless is more than any load here.
const endless = 1_000_000

// runPart is this program as one part of a measurement; false if it isn't one.
// It says in one line where it listens, and ends with its stdin.
func runPart(arguments []string) (part bool, err error) {
	if len(arguments) < 2 {
		return false, nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); cancel() }()
	switch arguments[0] {
	case partUpstream:
		return true, runUpstream(ctx, arguments[1])
	case partGateway:
		return true, runGateway(ctx, arguments[1], arguments[2])
	}
	return false, nil
}

func listen(ctx context.Context) (net.Listener, string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	return l, "http://" + l.Addr().String(), nil
}

// runUpstream says its URL and an access token.
func runUpstream(ctx context.Context, target string) error {
	l, root, err := listen(ctx)
	if err != nil {
		return err
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(bare)}
	token := "bare"
	if target == "sandbox" {
		box, err := sandbox.New(sandbox.Config{PerSecond: endless})
		if err != nil {
			return err
		}
		server.Handler = box
		go func() { _ = server.Serve(l) }()
		if token, err = logInAt(ctx, &sandboxtest.Kite{Server: box, URL: root}); err != nil {
			return err
		}
	} else {
		go func() { _ = server.Serve(l) }()
	}
	fmt.Println(root, token)
	<-ctx.Done()
	return server.Close()
}

func bare(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, marginsBody)
}

// marginsBody is as long as Kite's example,
// https://kite.trade/docs/connect/v3/user/#funds-and-margins.
const marginsBody = `{"status":"success","data":{"equity":{"enabled":true,"net":99725.05000000002,"available":{"adhoc_margin":0,"cash":245431.6,"opening_balance":245431.6,"live_balance":99725.05000000002,"collateral":0,"intraday_payin":0},"utilised":{"debits":145706.55,"exposure":38981.25,"m2m_realised":761.7,"m2m_unrealised":0,"option_premium":0,"payout":0,"span":101989,"holding_sales":0,"turnover":0,"liquid_collateral":0,"stock_collateral":0,"delivery":0}},"commodity":{"enabled":true,"net":100661.7,"available":{"adhoc_margin":0,"cash":100661.7,"opening_balance":100661.7,"live_balance":100661.7,"collateral":0,"intraday_payin":0},"utilised":{"debits":0,"exposure":0,"m2m_realised":0,"m2m_unrealised":0,"option_premium":0,"payout":0,"span":0,"holding_sales":0,"turnover":0,"liquid_collateral":0,"stock_collateral":0,"delivery":0}}}}`

// logInAt logs the first invented user in and returns the access token.
func logInAt(ctx context.Context, k *sandboxtest.Kite) (string, error) {
	app := kite.App{Endpoints: k.Endpoints(), APIKey: benchKey}
	broker := kiteconnect.New()
	login, err := broker.LoginURL(app, "bench")
	if err != nil {
		return "", err
	}
	redirect, err := k.Person(1).LogIn(login)
	if err != nil {
		return "", err
	}
	landed, err := url.Parse(redirect)
	if err != nil {
		return "", err
	}
	grant, err := broker.Exchange(ctx, app, kite.NewSecret(landed.Query().Get("request_token")), kite.NewSecret(sandbox.APISecret(benchKey)))
	return grant.Tokens.Access.Reveal(), err
}

// runGateway is the local API as kitectl serves it, with limits that this load
// doesn't reach, for one account whose Kite is at root. It says the program's
// base URL and bearer token.
func runGateway(ctx context.Context, root, token string) (err error) {
	folder, err := os.MkdirTemp("", "bench-gateway-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	db, err := sqlite.Open(ctx, filepath.Join(folder, "accounts.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	versions, err := db.Versions(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, versions.Close()) }()
	sealer := &kitetest.Sealer{} // the token is unsealed once
	account, err := store(ctx, db, sealer, root, token)
	if err != nil {
		return err
	}
	l, base, err := listen(ctx)
	if err != nil {
		return err
	}
	program := &clients.Service{Store: db.Clients(), History: db.History(), Clock: kite.SystemClock{}, Events: ignored, Log: slog.New(slog.DiscardHandler)}
	_, bearer, err := program.Add(ctx, kite.APIClient{Name: "bench", AllAccounts: true})
	if err != nil {
		return err
	}
	fmt.Println(base+"/kite/"+account.Slug, bearer.Reveal())
	return apiOf(db, sealer, versions).Serve(ctx, l)
}

var ignored = kite.PublisherFunc(func(kite.Event) {})

func store(ctx context.Context, db *sqlite.DB, sealer kite.Sealer, root, token string) (kite.Account, error) {
	a := kitetest.SandboxAccount("bench")
	a.APIKey, a.Endpoints = benchKey, sandbox.Endpoints(root)
	s := kitetest.Session("session", a, time.Now())
	return a, errors.Join(
		db.Accounts(sealer).CreateAccount(ctx, a, kite.SecretChanges{}),
		db.Sessions(sealer).SaveSession(ctx, s, kite.Tokens{Access: kite.NewSecret(token), Request: kite.NewSecret("r"), Public: kite.NewSecret("p")}),
	)
}

type fixedEndpoints struct{}

func (fixedEndpoints) Endpoints(_ context.Context, a kite.Account) (kite.Endpoints, error) {
	return a.Endpoints, nil
}

func apiOf(db *sqlite.DB, sealer kite.Sealer, versions *sqlite.Versions) *localapi.Server {
	log, clock := slog.New(slog.DiscardHandler), kite.SystemClock{}
	uses := &localapi.Uses{Clients: db.Clients(), History: db.History(), Clock: clock, Events: ignored, Log: log}
	handouts := &sessions.Service{Accounts: db.Accounts(sealer), Sessions: db.Sessions(sealer), Endpoints: fixedEndpoints{}, Clock: clock}
	auth := &localapi.Authenticator{Clients: db.Clients(), Accounts: db.Accounts(sealer), Versions: versions}
	return localapi.New(localapi.Config{
		Accounts: db.Accounts(sealer), Sessions: db.Sessions(sealer), Uses: uses, Handouts: handouts,
		Auth: auth,
		Gateway: gateway.New(gateway.Config{
			Sessions: handouts, Versions: auth, Ender: db.Sessions(sealer), Recorder: uses, Events: ignored, Clock: clock, Log: log,
		}),
		Clock: clock, Log: log, Limits: localapi.Limits{KiteRate: endless, KiteBurst: endless},
	})
}
