package keyring

import (
	"context"
	"errors"
	"fmt"

	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// get reads an entry of go-keyring's over one connection, on which it asks for
// all that doesn't depend on another answer at once. It never unlocks, so
// nothing can prompt.
func (k *Keyring) get(ctx context.Context, name string) (kite.Secret, error) {
	conn, err := connect(ctx)
	if err != nil {
		return kite.Secret{}, err
	}
	defer conn.Close() //nolint:errcheck // a private connection just read from
	path, asked := dbus.ObjectPath(loginPath), k.ask(ctx, conn, loginPath, name)
	unlocked, err := unlockedCollection(ctx, conn)
	if err != nil {
		return kite.Secret{}, err
	}
	if unlocked != path {
		asked.items = k.search(ctx, conn, unlocked, name)
	}
	return asked.secret(ctx, conn)
}

// question is what is on its way to the service.
type question struct{ session, items *dbus.Call }

func (k *Keyring) ask(ctx context.Context, conn *dbus.Conn, collection dbus.ObjectPath, name string) question {
	return question{
		session: conn.Object(serviceName, servicePath).GoWithContext(ctx, serviceIface+".OpenSession", 0, make(chan *dbus.Call, 1), "plain", dbus.MakeVariant("")),
		items:   k.search(ctx, conn, collection, name),
	}
}

// search uses the attributes that go-keyring stores entries with.
func (k *Keyring) search(ctx context.Context, conn *dbus.Conn, collection dbus.ObjectPath, name string) *dbus.Call {
	attributes := map[string]string{"username": name, "service": k.Service}
	return conn.Object(serviceName, collection).GoWithContext(ctx, collectionIface+".SearchItems", 0, make(chan *dbus.Call, 1), attributes)
}

// secret waits for the answers and fetches the secret of the first item.
func (q question) secret(ctx context.Context, conn *dbus.Conn) (kite.Secret, error) {
	var none dbus.Variant
	var session dbus.ObjectPath
	if err := (<-q.session.Done).Store(&none, &session); err != nil {
		return kite.Secret{}, answer(ctx, err)
	}
	var items []dbus.ObjectPath
	if err := (<-q.items.Done).Store(&items); err != nil {
		return kite.Secret{}, answer(ctx, err)
	}
	if len(items) == 0 {
		return kite.Secret{}, kite.ErrKeyringNotFound
	}
	var found struct {
		Session     dbus.ObjectPath
		Parameters  []byte
		Value       []byte
		ContentType string
	}
	err := conn.Object(serviceName, items[0]).CallWithContext(ctx, itemIface+".GetSecret", 0, session).Store(&found)
	if err != nil {
		return kite.Secret{}, lockedItem(answer(ctx, err))
	}
	defer clear(found.Value)
	return kite.SecretBytes(found.Value), nil
}

// lockedItem knows an item that is locked though its collection isn't.
func lockedItem(err error) error {
	var e dbus.Error
	if errors.As(err, &e) && e.Name == "org.freedesktop.Secret.Error.IsLocked" {
		return fmt.Errorf("%w: %w", kite.ErrKeyringLocked, err)
	}
	return err
}
