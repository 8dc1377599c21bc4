package login_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestLogIn_while_another_is_being_cancelled_is_a_login_of_its_own(t *testing.T) {
	b := newBench(t)
	a := b.account(1)
	opened, stopping, leave := make(chan struct{}), make(chan struct{}), make(chan struct{})
	var once sync.Once
	b.window.before = func(ctx context.Context) (err error) {
		once.Do(func() {
			close(opened)
			<-ctx.Done()
			close(stopping)
			<-leave
			err = kite.Errorf(kite.ECANCELED, "The login was cancelled.")
		})
		return err
	}
	if err := b.Start(t.Context(), a.ID, true); err != nil {
		t.Fatal(err)
	}
	<-opened
	go b.Cancel(a.ID)
	<-stopping
	ended := make(chan error, 1)
	go func() { ended <- b.LogIn(t.Context(), a.ID, "", true) }()
	time.AfterFunc(50*time.Millisecond, func() { close(leave) }) // nothing tells that LogIn waits
	if err := <-ended; err != nil {
		t.Errorf("LogIn = %v", err)
	}
}
