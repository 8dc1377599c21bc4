package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"
)

// userCount is how many invented users there are.
const userCount = 250

// The apps of the sandbox. All users are enabled for the first; only the
// first user for the second.
const (
	SharedApp  = "sandboxkey000001"
	PrivateApp = "sandboxkey000002"
)

// User is an invented user. Its secrets are derived, so they are the same in
// every sandbox and are stored nowhere.
type User struct {
	UserID     string `json:"user_id"`
	Name       string `json:"user_name"`
	Email      string `json:"email"`
	Password   string `json:"password"`
	TOTPSecret string `json:"totp_secret"` // base32, six digits, 30 seconds
}

// App is an invented Kite Connect app.
type App struct {
	APIKey      string `json:"api_key"`
	APISecret   string `json:"api_secret"`
	RedirectURL string `json:"redirect_url"`
}

var firstNames = []string{"Asha", "Ravi", "Meera", "Kabir", "Nisha", "Arjun", "Leela", "Vikram", "Divya", "Farhan"}
var lastNames = []string{"Iyer", "Sharma", "Das", "Patel", "Khan", "Nair", "Reddy", "Bose", "Gill", "Mehta", "Rao"}

// derive makes an invented secret out of a name.
func derive(purpose, name string) []byte {
	mac := hmac.New(sha256.New, []byte("kite-accounts sandbox"))
	mac.Write([]byte(purpose + "\x00" + name))
	return mac.Sum(nil)
}

// UserNumber returns the n-th invented user, from 1.
func UserNumber(n int) User {
	id := fmt.Sprintf("SB%04d", n)
	first, last := firstNames[n%len(firstNames)], lastNames[n%len(lastNames)]
	return User{
		UserID: id, Name: first + " " + last,
		Email:      strings.ToLower(first+"."+last) + fmt.Sprintf("%d@example.com", n),
		Password:   "Pw-" + hex.EncodeToString(derive("password", id))[:12],
		TOTPSecret: base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(derive("totp", id)[:20]),
	}
}

// Users are all invented users.
func Users() []User {
	users := make([]User, userCount)
	for i := range users {
		users[i] = UserNumber(i + 1)
	}
	return users
}

func userByID(id string) (User, bool) {
	var n int
	if _, err := fmt.Sscanf(strings.ToUpper(strings.TrimSpace(id)), "SB%04d", &n); err != nil || n < 1 || n > userCount {
		return User{}, false
	}
	u := UserNumber(n)
	return u, u.UserID == strings.ToUpper(strings.TrimSpace(id))
}

// APISecret is the secret of an app.
func APISecret(apiKey string) string { return hex.EncodeToString(derive("api secret", apiKey))[:32] }

func knownApp(apiKey string) bool { return apiKey == SharedApp || apiKey == PrivateApp }

// enabled says whether a user may log in to an app.
func enabled(apiKey, userID string) bool {
	return apiKey == SharedApp || (apiKey == PrivateApp && userID == UserNumber(1).UserID)
}
