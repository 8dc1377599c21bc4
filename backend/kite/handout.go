package kite

// Handout is what a program needs to call Kite for an account.
type Handout struct {
	Account Account
	Session Session
	App     App
	Access  Secret
}

// Header is the value of the Authorization header,
// https://kite.trade/docs/connect/v3/user/.
func (h Handout) Header() Secret {
	return NewSecret("token " + h.App.APIKey + ":" + h.Access.Reveal())
}
