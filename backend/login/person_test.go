package login_test

import (
	"context"
	"sync"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
)

// person is a LoginWindow whose user logs in at once.
type person struct {
	mu     sync.Mutex
	who    *sandboxtest.Person
	before func(ctx context.Context) error // instead of logging in, if it returns an error
	change func(redirect string) string
	focus  int
	raised chan struct{} // if there is one, is told of each focus
}

func (p *person) Open(ctx context.Context, job kite.LoginJob) (kite.Landing, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.before != nil {
		if err := p.before(ctx); err != nil {
			return kite.Landing{BlockedHosts: []string{"cdn.example.com"}}, err
		}
	}
	redirect, err := p.who.LogIn(job.LoginURL)
	if p.change != nil {
		redirect = p.change(redirect)
	}
	return kite.Landing{RedirectURL: kite.NewSecret(redirect)}, err
}

func (p *person) Focus(string) bool {
	p.focus++
	if p.raised != nil {
		p.raised <- struct{}{}
	}
	return true
}
