package view

import "github.com/kiteaccounts/kite-accounts/backend/kite"

// LocalAPI is whether programs are served.
type LocalAPI struct {
	On      bool     `json:"on"` // as the user chose
	Port    int      `json:"port"`
	Address string   `json:"address"` // http://127.0.0.1:51731 while it is served
	Failure *Failure `json:"failure"` // why it isn't; null without an address: it is being started
}

// Client is a program that may use the local API.
type Client struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	AccountIDs  []string `json:"accountIds"`
	AllAccounts bool     `json:"allAccounts"`
	MayTrade    bool     `json:"mayTrade"`
	CreatedAt   int64    `json:"createdAt"`
	LastUsedAt  *int64   `json:"lastUsedAt"`
}

// ClientOf shapes a client.
func ClientOf(c kite.APIClient) Client {
	return Client{
		ID: c.ID, Name: c.Name, AccountIDs: append([]string{}, c.AccountIDs...), AllAccounts: c.AllAccounts, MayTrade: c.MayTrade,
		CreatedAt: c.CreatedAt.UnixMilli(), LastUsedAt: Millis(c.LastUsedAt),
	}
}

// ClientsOf shapes clients.
func ClientsOf(list []kite.APIClient) []Client {
	v := make([]Client, len(list))
	for i, c := range list {
		v[i] = ClientOf(c)
	}
	return v
}

// ClientInput is what the user enters of a client.
type ClientInput struct {
	Name        string   `json:"name"`
	AccountIDs  []string `json:"accountIds"`
	AllAccounts bool     `json:"allAccounts"`
	MayTrade    bool     `json:"mayTrade"`
}

// Client is the client with that ID, empty for one to be added.
func (in ClientInput) Client(id string) kite.APIClient {
	return kite.APIClient{ID: id, Name: in.Name, AccountIDs: in.AccountIDs, AllAccounts: in.AllAccounts, MayTrade: in.MayTrade}
}

// AddedClient is a client with its token, which the user is shown once: the one
// type here that holds a secret.
type AddedClient struct {
	Client Client `json:"client"`
	Token  string `json:"token"`
}

// CommandLine is how kitectl is called on this computer.
type CommandLine struct {
	Command string `json:"command"` // ready for a shell, with the data folder if that isn't the usual one
	Path    string `json:"path"`
	Found   bool   `json:"found"` // by its name alone
}
