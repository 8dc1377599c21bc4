//go:build packages

package packages

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// olderVersion comes before every other in dpkg's order; its programs say
// olderProgram.
const (
	olderVersion = "0.0.0~older"
	olderProgram = "0.0.0-older"
)

// olderDeb is the package with the programs of an older version.
func olderDeb(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	content, file := filepath.Join(dir, "content"), filepath.Join(dir, "kite-accounts_older_amd64.deb")
	tool(t, "dpkg-deb", "-R", packageFile(t, debPattern), content)
	for _, program := range []string{"kite-accounts", "kitectl"} {
		tool(t, "install", "-m755", filepath.Join(older, program), filepath.Join(content, "usr/bin", program))
	}
	tool(t, "sed", "-i", "s/^Version: .*/Version: "+olderVersion+"/", filepath.Join(content, "DEBIAN/control"))
	if err := os.Remove(filepath.Join(content, "DEBIAN/md5sums")); err != nil {
		t.Fatal(err)
	}
	tool(t, "dpkg-deb", "-b", "--root-owner-group", "-Zgzip", "-z1", content, file)
	return file
}

// tool runs a program of this computer.
func tool(t *testing.T, words ...string) string {
	t.Helper()
	out, err := exec.Command(words[0], words[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(words, " "), err, out)
	}
	return string(out)
}

// Fixtures are databases that the releases wrote, see
// backend/sqlite/released_fixture_test.go, which says what is in them.
const (
	fixtures   = "../../backend/sqlite/testdata"
	passphrase = "correct horse battery staple"
	thirdName  = "חשבון של סבא"
	thirdSlug  = "ab1233"
	thirdToken = "access of AB1233-2"
	thirdWord  = "pass wörd 3 🔑"
)

// newestSchema is the version of this program's database.
func newestSchema(t *testing.T) int {
	t.Helper()
	migrations, err := filepath.Glob("../../backend/sqlite/migration/*.sql")
	if err != nil || len(migrations) == 0 {
		t.Fatalf("migrations: %q, %v", migrations, err)
	}
	return len(migrations)
}

var fixtureNames = []string{"Größe 'one'", "परिवार 👨‍👩‍👧‍👦 🚀", thirdName, "Nothing but a name"}

// plant gives the user the data folder of that release, with the session of the
// third account begun an hour ago.
func (k *desk) plant(schema int, kind string) {
	k.t.Helper()
	content, err := os.ReadFile(filepath.Join(fixtures, fmt.Sprintf("version-%d-%s.db", schema, kind)))
	k.ok(err)
	folder, err := k.MakeDir("home/.local/share/kite-accounts")
	k.ok(err, os.WriteFile(filepath.Join(folder, "kite-accounts.db"), content, 0o600), os.Chown(k.Database(), nobody, nobody))
	begun, ends := time.Now().Add(-time.Hour).UnixMilli(), time.Now().Add(10*time.Hour).UnixMilli()
	k.sql(fmt.Sprintf("UPDATE kite_sessions SET login_time = %d, created_at = %d, verified_at = %d, expires_at = %d WHERE session_id = 'session-AB1233-2'",
		begun, begun, begun, ends))
	keys := map[string]string{}
	text, err := os.ReadFile(filepath.Join(fixtures, "keyring.json"))
	k.ok(err, json.Unmarshal(text, &keys))
	for name, value := range keys {
		_, err := k.Command(value, "secret-tool", "store", "--label", "Kite Accounts", "service", appID, "username", name)
		k.ok(err)
	}
}

// sql asks the user's database.
func (k *desk) sql(query string) string {
	k.t.Helper()
	out, err := k.Command("", "sqlite3", "-cmd", ".timeout 5000", k.Database(), query)
	k.ok(err)
	return strings.TrimSpace(out)
}

// dump is all that the user has typed or got, as the database holds it. Tokens
// of sessions that are over are erased, as ever.
func (k *desk) dump() string {
	k.t.Helper()
	return k.sql(`SELECT account_id, account_name, client_id, phone_number, hex(password), api_key, hex(api_secret), account_type, callback_url,
			postback_url, login_url, api_root, ttl, allowed_hosts FROM kite_accounts ORDER BY account_id;
		SELECT session_id, account_id, iif(expires_at > unixepoch() * 1000, hex(access_token), ''), user_name, login_time, created_at FROM kite_sessions ORDER BY session_id;
		SELECT slot_id, kind, provider, kdf, hex(wrapped_key) FROM key_slots`)
}

// expectAll looks at accounts and secrets in the open window and from a shell.
func (k *desk) expectAll() {
	k.t.Helper()
	for _, name := range fixtureNames {
		k.see(name, nil)
	}
	k.see(living, kiteapp.Card(thirdName))
	k.expectToken("")
	manage := &desktop.Query{Roles: desktop.Dialogs, Name: thirdName}
	k.press(kiteapp.ManageAccount, kiteapp.Card(thirdName))
	k.press(kiteapp.Credentials, manage)
	k.press("Reveal Password", manage)
	k.see(thirdWord, manage)
	k.press("Close", manage)
	k.ok(k.Gone(*manage))
}

// expectToken lets a program compare the token that it gets.
func (k *desk) expectToken(flags string) {
	k.t.Helper()
	same := k.mustShell("kitectl exec " + flags + " " + thirdSlug + ` -- sh -c 'test "$KITE_ACCESS_TOKEN" = "` + thirdToken + `" && echo same'`)
	if strings.TrimSpace(same) != "same" {
		k.t.Errorf("exec's token isn't the one that was stored: %q", same)
	}
}

func TestUpgrade_while_an_agent_of_the_older_version_runs(t *testing.T) {
	s := newSystem(t, equipped(t))
	s.install(t, olderDeb(t))
	if got := s.run(t, "dpkg-query", "-W", "-f", "${Version}", "kite-accounts"); got != olderVersion {
		t.Fatalf("version %q is installed", got)
	}
	k := newDesk(t, s, "/usr/bin")
	k.plant(newestSchema(t), "keyring")
	before := k.dump()
	k.open()
	k.expectAll()
	agent, err := k.AwaitAgent(0)
	k.ok(err, k.CloseMain(kiteapp.KeepRunning))

	s.install(t, packageFile(t, debPattern))
	if pid := k.AgentPID(); pid != agent {
		t.Errorf("the agent was process %d; after the upgrade %d", agent, pid)
	}
	if status, err := k.AgentStatus(); err != nil || !strings.Contains(status, "version "+olderProgram) {
		t.Errorf("the running agent says %q, %v", status, err)
	}
	k.expectToken("") // programs go on
	k.open()
	k.expectAll()
	k.picture("5-upgraded")
	newer, err := k.AwaitAgent(agent)
	k.ok(err)
	if status, err := k.AgentStatus(); err != nil || !strings.Contains(status, fmt.Sprintf("process %d, version %s", newer, version)) {
		t.Errorf("the agent says %q, %v", status, err)
	}
	if after := k.dump(); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	k.ok(k.Quit())
}

func TestUpgrade_opens_the_data_of_every_released_schema(t *testing.T) {
	for schema := 1; schema <= newestSchema(t); schema++ {
		for _, kind := range []string{"keyring", "passphrase"} {
			t.Run(fmt.Sprintf("version %d, %s", schema, kind), func(t *testing.T) { opensOlderData(t, schema, kind) })
		}
	}
}

func opensOlderData(t *testing.T, schema int, kind string) {
	k := newDesk(t, newSystem(t, equipped(t)), "/usr/bin")
	k.plant(schema, kind)
	before := k.dump()
	if schema < newestSchema(t) { // a program in a shell leaves the upgrade to the window
		if out := k.mustShell("kitectl list 2>&1 || true"); !strings.Contains(out, "Open Kite Accounts once") {
			t.Errorf("kitectl list says %q", out)
		}
	}
	k.open()
	if kind == "passphrase" {
		k.see("Enter your passphrase", nil)
		k.ok(k.Enter("Passphrase", passphrase))
		k.press("Open", nil)
	}
	for _, name := range fixtureNames {
		k.see(name, nil)
	}
	k.see(living, kiteapp.Card(thirdName))
	if schema == 1 {
		k.picture("6-version-1-" + kind)
	}
	flags := ""
	if kind == "passphrase" {
		word := k.Path("home/word")
		k.ok(os.WriteFile(word, []byte(passphrase+"\n"), 0o600), os.Chown(word, nobody, nobody))
		flags = "--passphrase-fd=3 3<" + word
	}
	k.expectToken(flags)
	k.ok(k.Quit())
	if after := k.dump(); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	k.expectCopy(schema)
}

// expectCopy looks for the copy from before an upgrade of that schema.
func (k *desk) expectCopy(schema int) {
	k.t.Helper()
	copies, err := filepath.Glob(k.Database() + ".before-*")
	k.ok(err)
	if schema == newestSchema(k.t) {
		if len(copies) > 0 {
			k.t.Errorf("there was nothing to upgrade, but there are %q", copies)
		}
		return
	}
	want := fmt.Sprintf("%s.before-%d", k.Database(), schema+1)
	if len(copies) != 1 || copies[0] != want {
		k.t.Fatalf("copies %q, want %s", copies, want)
	}
	info, err := os.Stat(want)
	k.ok(err)
	out, err := k.Command("", "sqlite3", "-readonly", want, "PRAGMA user_version; SELECT count(*) FROM kite_accounts WHERE length(api_secret) > 0; PRAGMA integrity_check")
	k.ok(err)
	if info.Mode() != 0o600 || out != fmt.Sprintf("%d\n3\nok\n", schema) {
		k.t.Errorf("the copy has mode %s and says %q", info.Mode(), out)
	}
}
