package loginwindow_test

import (
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
)

func TestHostRules_give_an_address_to_the_policys_hosts_alone(t *testing.T) {
	const live = "MAP * ^NOTFOUND , EXCLUDE zerodha.com , EXCLUDE *.zerodha.com , EXCLUDE kite.trade , EXCLUDE *.kite.trade"
	for name, c := range map[string]struct {
		job     kite.LoginJob
		proxies []string
		want    string
	}{
		"live": {kite.LoginJob{AccountType: kite.Live, LoginURL: "https://kite.zerodha.com/connect/login", CallbackURL: "https://mine.example/cb"}, nil, live},
		"a host that the user allowed": {
			kite.LoginJob{AccountType: kite.Live, AllowedHosts: []string{"Captcha.example"}}, nil,
			"MAP * ^NOTFOUND , EXCLUDE captcha.example" + live[len("MAP * ^NOTFOUND"):],
		},
		"behind a proxy": {kite.LoginJob{AccountType: kite.Live}, []string{"proxy.corp", "10.0.0.1"}, live + " , EXCLUDE proxy.corp , EXCLUDE 10.0.0.1"},
		"the sandbox":    {kite.LoginJob{AccountType: kite.Sandbox, LoginURL: "http://127.0.0.1:4000/connect/login"}, nil, "MAP * ^NOTFOUND , EXCLUDE 127.0.0.1"},
		"what would be more than a host": {
			kite.LoginJob{AccountType: kite.Live, AllowedHosts: []string{"*", "", "a , MAP * 6.6.6.6", `a" --no-sandbox`, "a\\"}}, []string{"*", "*.*"}, live,
		},
	} {
		if got := loginwindow.NewPolicy(c.job).HostRules(c.proxies...); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, c.want)
		}
	}
}
